//! Which names are found, and which are not judged.

use super::*;

fn messages(text: &str) -> Vec<String> {
    messages_in(text, &Parameters::of([text].into_iter()))
}

fn messages_in(text: &str, parameters: &Parameters) -> Vec<String> {
    messages_on(text, parameters, None)
}

fn messages_on(
    text: &str,
    parameters: &Parameters,
    on_pages: Option<BTreeSet<&'static str>>,
) -> Vec<String> {
    let message = |unknown: Unknown| match unknown.meant {
        Some(meant) => format!("{} ({meant})", unknown.message),
        None => unknown.message,
    };
    let seen = Seen {
        parameters,
        own: &own_names([text].into_iter()),
        on_pages,
    };
    unknown(text, &seen).into_iter().map(message).collect()
}

#[test]
fn the_default_theme_names_only_what_there_is() {
    let templates = crate::theme::embedded::TEMPLATES;
    let parameters = Parameters::of(templates.iter().map(|(_, text)| *text));
    let story = ("story".to_owned(), "item".to_owned());
    assert_eq!(parameters.0.get(&story), Some(&Type::Object("story")));
    for (name, text) in templates {
        let page = fields::PAGES.iter().find(|(page, _)| page == name);
        let seen = Seen {
            parameters: &parameters,
            own: &own_names([*text].into_iter()),
            on_pages: page.map(|(_, names)| names.iter().copied().collect()),
        };
        assert_eq!(unknown(text, &seen), [], "{name}");
    }
}

#[test]
fn a_wrong_field_is_found_wherever_it_stands() {
    for text in [
        "{{ front.led }}",
        "{% if front.led %}x{% endif %}",
        "{% if not front.led and page.url %}{% endif %}",
        "{% if page.url %}{% elif front.led %}{% endif %}",
        "{%- for x in front.led -%}{% endfor %}",
        "{% set x = front.led %}",
        "{{ front.led | default(value=\"\") }}",
        "{{ <media item={front.led} /> }}",
        "{{ shorten(text=front.led) }}",
        "{{ front?.led }}",
        "{{ \"a\" ~ front.led }}",
        "{{ [front.led] }}",
    ] {
        assert_eq!(
            messages(text),
            ["`front` has no field `led` (lead)"],
            "{text}"
        );
    }
}

#[test]
fn paths_are_followed_through_loops_and_assignments() {
    assert_eq!(
        messages(
            "{% for day in front.latest %}{% for s in day.stories %}{{ s.titel }}{% endfor %}\
             {{ s.x }}{{ day.stories }}{% endfor %}"
        ),
        ["`s` has no field `titel` (title)"]
    );
    assert_eq!(
        messages("{%- for s in front.top -%}{{- s.titel -}}{%- endfor -%}"),
        ["`s` has no field `titel` (title)"]
    );
    assert_eq!(
        messages("{% set lead = front.lead %}{{ lead.provider.nme }}"),
        ["`lead.provider` has no field `nme` (name)"]
    );
    assert_eq!(
        messages("{% for s in front.top | slice(end=2) %}{{ s.urll }}{% endfor %}"),
        ["`s` has no field `urll` (url)"]
    );
}

#[test]
fn items_of_lists_are_followed() {
    for (text, message) in [
        (
            "{% if front.top[0].titel %}{% endif %}",
            "`front.top[…]` has no field `titel` (title)",
        ),
        (
            "{% if front[\"led\"] %}{% endif %}",
            "`front` has no field `led` (lead)",
        ),
        (
            "{% set l = front.top | reverse | first %}{{ l.titel }}",
            "`l` has no field `titel` (title)",
        ),
        (
            "{% set l = front.top[0] %}{{ l.titel }}",
            "`l` has no field `titel` (title)",
        ),
        (
            "{% if front.top.title %}{% endif %}",
            "`front.top` is a list, and has no field `title`",
        ),
        (
            "{% if site.title.short %}{% endif %}",
            "`site.title` is a single value, and has no field `short`",
        ),
    ] {
        assert_eq!(messages(text), [message], "{text}");
    }
}

#[test]
fn parameters_of_components_are_followed() {
    let card = "{% component card(item, size=1) %}{% if item.titel %}{% endif %}\
                {{ <mark of={item.provider} /> }}{% endcomponent card %}\
                {% component mark(of) %}{{ of.nme }}{% endcomponent mark %}";
    let called = |calls: &str| messages(&format!("{card}{calls}"));
    let both = [
        "`item` has no field `titel` (title)",
        "`of` has no field `nme` (name)",
    ];
    assert_eq!(called("{{ <card item={front.lead} /> }}"), both);
    assert_eq!(
        called(
            "{% for s in front.top %}{{ <card item={s} size={2} /> }}{% endfor %}\
             {% set x = <card size=\"1\" item={front.lead} /> %}"
        ),
        both
    );
    for calls in [
        // None, different ones, and ones that cannot be followed.
        "",
        "{{ <card item={front.lead} /> }}{{ <card item={article} /> }}",
        "{{ <card item={front.lead} /> }}{{ <card item={site.extra.x} /> }}",
        "{{ <card item={front.lead} /> }}{{ <card size={2} /> }}",
        "{{ <card item={front.lead} /> }}{{ <mark of={<card item={site.extra.x} />} /> }}",
    ] {
        assert_eq!(called(calls), Vec::<String>::new(), "{calls}");
    }
    // A comparison is no call.
    assert_eq!(
        called("{{ <card item={front.lead} /> }}{% if 1 <card %}{% endif %}"),
        both
    );
}

#[test]
fn what_is_set_anew_is_something_else() {
    for text in [
        "{% for s in front.top %}{% set s = s.provider %}{{ s.name }}{{ s.home }}{% endfor %}",
        "{% set x = front.lead %}{% set x = x.provider %}{{ x.name }}",
        "{% component c(item) %}{% set item = item.provider %}{{ item.home }}\
         {% endcomponent c %}{{ <c item={front.lead} /> }}",
    ] {
        assert_eq!(messages(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_cannot_be_followed_is_not_judged() {
    for text in [
        "{{ site.extra.anything.at.all }}{{ article.extra.x }}",
        "{% for k, v in site.extra %}{{ k.x }}{{ v.y }}{% endfor %}",
        "{% component card(page) %}{{ page.anything }}{% endcomponent card %}",
        "{%- component card(larget=false) -%}{{ 1 if larget else 2 }}{%- endcomponent card -%}",
        "{% if front.led is defined %}{% endif %}{% if front.led is not defined %}{% endif %}",
        "{# {{ front.led }} #}{% raw %}{{ front.led }}{% endraw %}",
        "{% raw -%}{{ front.led }}{%- endraw %}",
        "{{ \"front.led\" }}{{ '{{ front.led' }}",
        "{% set front = site.extra %}{{ front.led }}",
        "{{ [1, 2] | first }}{{ {\"a\": front.lead} }}",
        "{% for page in site.pages %}{{ page.title }}{% endfor %}{{ page.kind }}",
        "{% for x in page.feeds %}{% endfor %}{{ x.else }}{% include \"front.led\" %}",
        "{% block front %}{% endblock front %}{{ loop.index }}",
        "{ {{ page.url",
        "{% set number = 1 %}{{ topics[number].pages }}{{ (front.top | first).pages }}",
        "{{ f(x=1).pages }}",
        "{% set l = front.top | map(attribute=\"url\") | first %}{{ l.titel }}",
    ] {
        assert_eq!(messages(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_misspelt_variable_is_found() {
    assert_eq!(
        messages("{% if frnt.lead %}{% endif %}"),
        ["there is no variable `frnt` (front)"]
    );
    assert_eq!(messages("{{ strings.latst }}").len(), 1);
    for text in [
        "{% if headline %}x{% endif %}",
        "{% for x in headline %}{% endfor %}",
        "{{ page.url | default(value=headline) }}",
        "{% set x = 1 if headline else 2 %}",
    ] {
        assert_eq!(
            messages(text),
            ["there is no variable `headline`"],
            "{text}"
        );
    }
    let asked = "{% if headline is defined %}x{% endif %}{{ <c /> }}{{ body }}";
    assert_eq!(messages(asked), Vec::<String>::new());
}

#[test]
fn a_variable_of_other_pages_is_found() {
    let on = |text: &str, names: &[&'static str]| {
        let names = names.iter().copied().collect();
        messages_on(text, &Parameters::default(), Some(names))
    };
    let message = "no page that this template is for has the variable `article`";
    assert_eq!(on("{% if article %}x{% endif %}", &["front"]), [message]);
    assert_eq!(on("{{ article.title }}", &["front"]), [message]);
    for text in [
        "{% if article is defined %}x{% endif %}",
        "{% for article in listing.stories %}{{ article.title }}{% endfor %}",
        "{{ topics | length }}",
    ] {
        assert_eq!(on(text, &["listing"]), Vec::<String>::new(), "{text}");
    }
}
