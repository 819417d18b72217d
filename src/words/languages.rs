//! Words of languages that are no sign of what a story is about, in three degrees.
//!
//! They are short lists of our own: function words, the words that headlines on anything share, and
//! the institutions, places and things that the news of any day is about. Rareness in a site's own
//! articles comes on top of them (see `curate::events`); they are what is known before there are
//! any.

/// The lists of a language; words are in lower case, in no order.
pub(super) struct Table {
    /// Language subtag (ISO 639-1).
    pub(super) code: &'static str,
    /// Words that say nothing.
    pub(super) common: &'static str,
    /// Words that say little: numerals, times, and what headlines of any kind say.
    pub(super) weak: &'static str,
    /// Words that say less than others: what the news is about on any day.
    pub(super) plain: &'static str,
}

/// All lists, English first.
pub(super) const TABLES: [Table; 12] = [
    Table {
        code: "en",
        common: "a about above after again against all also am amid an and any are aren as at be \
            because been before being below between both but by can can't could did didn do does \
            doesn doing don down during each few for from further had has have having he her here \
            here's hers him his how i if in into is isn it it's its just let let's ll may me \
            might more most must my no nor not now of off on once only or other our out over own \
            per re s said same say says she should so some such t than that that's the their them \
            then there these they this those through to too under until up upon us ve very via \
            was we were what what's when where which while who whom why will with won would yet \
            you your",
        weak: "ai among announce announced announces another appears april around ask asks august \
            back bad become best better big biggest billion bring brings call calls chief come \
            comes coming company day days deal december despite die dies eight end even ever \
            every everything exclusive expect expected explained face faces far february fifth \
            find finds first five four friday full get gets getting give gives go goes going good \
            got great group guide head help helps high hit hits home hour hours inside january \
            july june keep keeps key know last late latest launch launched launches lead leads \
            least less like likely live long look looks lot low made make makes making man many \
            march means meet million minute minutes monday month months move much near need needs \
            never new news next nine november october official officials old one open opens part \
            pass passes people percent plan plans plus put puts question questions ready real \
            really reason reasons report reports reveal reveals review right rise rises saturday \
            second see seen sees september set sets seven show shows since six small start starts \
            still stop sunday take takes tell tells ten thing things think third thousands three \
            thursday time times tips today told tomorrow top try tuesday turn turns two unveil \
            unveils update use used uses using video want wants watch way ways wednesday week \
            weeks well woman won't work works world worth year years yesterday",
        plain: "account accused act action ad agency ahead aid air airline airport american app \
            army arrest arrested attack ban bank bill board bomb book border boss britain british \
            budget build building business buy cabinet campaign car care case cash central ceo \
            chair chance charge charged charges child children china chinese cities city claim \
            claims class climate club coach coast computer court crash crime crisis cup currency \
            customers cut cuts data death deaths debate debt decision defence demand director \
            district doctor dollar drop east economy election electric energy england eu europe \
            european euros evacuate event executive fall falls family fans fight film finance \
            fine fire fires firm flight flood food football force forces foreign france french \
            fund funding future game games gas german germany global gold government growth hack \
            health hearing history hospital house housing increase india injured injury inquiry \
            international internet investigation investors iran iraq israel italy japan job jobs \
            judge justice kill killed killing labour law lawmakers leader leaders league legal \
            level lose loses loss market markets match media meeting military mine minister model \
            money mps murder music nation national nato north oil opposition order paris \
            parliament party patients pay peace pension phone phones plane plant play player \
            players police policy political poll power president price prices prime prison \
            product profit profits programme project protest protests public race rail rain rate \
            rates record region release released releases research resigns result results risk \
            river road ruling russia russian safety sale sales school schools science scientists \
            season security sell senate senator service services shares shooting shot side sign \
            signs site social software south spain spending sport spring staff stage star station \
            stock stocks storm street strike strikes student students study summer supply support \
            supreme system talks target tax team tech technology test threat title trade traffic \
            train trains travel treatment trial trump turkey uk ukraine un union united \
            university vaccine victims violence vote votes war warning warns washington water \
            weather website west white wildfire win wins winter women workers workplace",
    },
    Table {
        code: "de",
        common: "aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis \
            da dabei dafür damit danach dann das dass dazu daß dein dem den denn der des dessen \
            die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen \
            einer eines er es etwa etwas euch für gegen gibt habe haben hat hatte hier ihm ihn \
            ihnen ihr ihre ihrem ihren ihrer im in ins ist ja je jede jedem jeden jeder jedes \
            jetzt kann kein keine keinem keinen keiner können könnte man mehr mein mit muss \
            müssen nach nicht noch nun nur ob oder ohne sehr sei sein seine seinem seinen seiner \
            seit sich sie sind so soll sollen sollte sondern sowie um und uns unser unter vom von \
            vor wann war waren warum was weil weiter welche welcher wem wen wenn wer werden wie \
            wieder will wir wird wo worden wurde wurden zu zum zur zwar zwischen über",
        weak: "acht ai alt alte alten anders april august bedeutet beginnt bekommt besser beste \
            besteht besten bleibt bringt dezember dienstag donnerstag drei dritte dritten droht \
            eins ende erste ersten erster erstes februar fordert frau freitag fällt fünf ganz \
            geht gelingt groß große großen großer gut heute hilft immer jahr jahre jahren jahres \
            januar juli juni ki kommen kommt leben liegt lässt machen macht mann mehrere mensch \
            menschen milliarden million millionen minuten mittwoch monat monate monaten montag \
            morgen märz neu neue neuem neuen neuer neues neun november nächste offenbar oktober \
            perfekt perfekte plant prozent rund sagen sagt samstag schon sechs september sieben \
            sieht sonntag stadt startet steht stellt stunden tag tage tagen tausende teil tritt \
            tun uhr viel viele vier viertel warnt weg wegen weiterhin wenige weniger wissen \
            woche wochen wohl worauf zehn zeigt zeit zurück zwei zweite ändern ändert",
        plain: "angriff anklage arbeit auto autos bahn bank banken bauen behörde behörden bericht \
            berlin berliner betrieb brand bund bundesliga bundesrat bundesregierung bundestag \
            chef china demonstration deutsche deutschen deutscher deutschland elektroauto energie \
            erdbeben ergebnis eu europa europas europäische ezb fahrer fans festnahme feuer \
            feuerwehr film firma flughafen forscher frankreich frauen fußball gas geld gericht \
            gesetz gespräche gewinn gold großbritannien hamburg haus haushalt hilfe hochwasser \
            israel italien japan kanzler kinder klage klima koalition konflikt konzern kosten \
            krankenhaus krieg krise köln land landtag lawine leiche lohn london mannschaft markt \
            messer meter minister ministerin ministerium moskau museum münchen neuwahl opposition \
            paris parlament partei polizei preis preise produktion protest prozess präsident \
            regierung rekord rente russland rücktritt saison schließt schlägt schule schulen \
            schweiz sieg sommer spanien spd spiel spieler staat staaten start straße streik \
            streiken strom studie sturm terror tod tote toten trainer treffen täter türkei \
            ukraine unfall unglück unternehmen unwetter urteil usa verbot verdacht verfahren \
            verkauf verletzt verletzte verliert vertrag volk wahl wahlen warnung wasser \
            weltmeister werk wetter winter wirtschaft wohnung zahl zahlen zahlt zoll zug zölle \
            züge ärzte österreich",
    },
    Table {
        code: "fr",
        common: "a afin ai ainsi alors après au aucun aussi autre autres aux avant avec avoir c \
            car ce ceci cela celle celui ces cet cette ceux chez comme comment contre d dans de \
            depuis des doit dont du durant elle elles en encore entre es est et eux faire fait \
            faut font grâce il ils j je jusqu l la le les leur leurs lors lui m mais malgré me \
            mes mon même n ne ni non nos notre nous on ont ou où par parce pas pendant peu peut \
            peuvent plus pour pourquoi près puis qu quand que quel quelle quelles quels qui quoi \
            s sa sans se selon sera ses si son sont sous sur t ta te tes toi ton tous tout toute \
            toutes très tu un une va vers via voici vont vos votre vous y à étaient était été \
            être",
        weak: "an annonce année années ans août après-midi arrive au-delà augmente augmentent \
            aujourd aujourd'hui automne avril baissent beaucoup bien bon bonne cause change \
            changent changera choisir chute cinq connaître conseils dernier dernière deux \
            dimanche dit dix donne décembre dévoile enfin entreprise euros face femme fin france \
            février grand grande grandes grands grimpe grimpent gros groupe hausse heure heures \
            hier hiver homme hui huit ia jamais janvier jeudi jour journée jours juillet juin \
            jusque lance lundi mardi mars meilleur meilleure meilleures meilleurs mercredi met \
            mettre mieux mille milliard milliards million millions mise moins mois monde monte \
            montent mort morts neuf niveau nouveau nouveaux nouvel nouvelle nouvelles novembre \
            octobre ouvre part partir pays personnes petit petite plan plusieurs premier \
            premiers première prend printemps prix prochain quatre question questions raison \
            rend samedi savoir semaine semaines sept septembre six temps toujours trois trop \
            trouve uni union unis vendredi veut vie voir vrai",
        plain: "accident accord administration affaire agence allemagne amende armée arrêté \
            attaque attaques avalanche avion avions aéroport baisse banque blessés bourse \
            bruxelles budget central centre championnat chef chine client climat club \
            collectivités commission concours condamné congrès conseil coupe cour crise crue \
            demande directeur droit droite débat décès démission démissionne député emploi \
            enfants enquête entraîneur espagne europe européen européenne film football force \
            français française gauche gouvernement grève guerre hôpital incendie inondation \
            inondations israël italie japon jeux journal juge jugement juges justice langue \
            ligue livre loi londres lutte macron magasin maire marché marchés match ministre \
            ministère mobilisation modèle mondial moscou moteur mouvement musée médecins \
            numérique opposition or orage paix paris parlement parti patron plainte police \
            politique ports pouvoir prison procès production produit projet présente président \
            présidente public quartier rapport recherche record retraite retraites risque rue \
            russe russie réforme région saison salaires santé service services société soutien \
            suspect syndicat sécurité séisme séismes sénat série tempête terre titre train \
            trains transport travail tribunal turquie ue ukraine université usine vaccin vente \
            victime victimes victoire ville villes voiture voitures vol volcan vols vote école \
            économie élection élections électrique énergie équipe éruption état états",
    },
    Table {
        code: "es",
        common: "a al algo ante antes así aun aunque bajo bien cada casi como con contra cual \
            cuando cuál cuándo cómo de debes del desde donde dos durante dónde e el ella ellas \
            ellos en entre era es esa ese eso esta este esto estos está están fue fueron ha hace \
            hacia han hasta hay la las le les lo los me mi mientras muy más nada ni no nos \
            nosotros o otra otras otro otros para pero poco por porque que quien quién quiénes \
            qué se sea según ser si sido sin sobre solo son su sus sí sólo también tan tanto te \
            tiene tienen todo todos tras tu un una uno unos usted va van y ya yo él",
        weak: "abril agosto ahora ahorrar alto anuncia aumenta aumentan ayer año años baja bajan \
            buena bueno cae caen cambia cambian cambiará cambio causa ciento cinco claves cosas \
            cuatro cumple da dan debe deben deja dejan dice dicen diciembre diez domingo día \
            días empresa enero españa estreno euros febrero fin forma gran grande grandes grupo \
            hacer hombre hora horas hoy ia invierno jueves julio junio junto lanza llega llegan \
            lunes luz martes marzo mayo mayor mayores mañana mejor mejores menos mes meses mil \
            millones millón minutos miércoles muere mujer mundo noviembre nueva nuevas nueve \
            nuevo nuevos ocho octubre otoño parte país personas pide plan podría presenta \
            presentan primavera primer primera primero primeros puede pueden razones saber \
            segunda segundo seis semana semanas septiembre siempre siete sube suben subieron \
            sábado tercer tiempo toda todas tres unido unidos unión ver verano vez vida viernes \
            última último últimos",
        plain: "acuerdo acusado aeropuerto agua alemania alud argentina asamblea ataque ataques \
            avalancha avión ayuda banco barcelona bolsa bruselas calor campaña candidato carrera \
            casa casas caso central china ciudad clima club colombia comisión condena condenado \
            congreso copa corte crisis cámara datos defensa delantero derbi derecha deuda \
            dimisión dimite dinero ejército elecciones eléctrico eléctricos empleo empresas \
            energía entrenador equipo erupción escuela español española estado estados estudio \
            europa europea europeo explosión fallo familia fiscal fiscalía francia fuego fábrica \
            fútbol gas gobierno gol guardia guerra heridos historia hospital huelga incendio \
            incendios inflación informe inundaciones inundación investigación israel italia \
            izquierda japón juez juicio justicia ley liga londres madrid marca mercado militar \
            ministerio ministra ministro modelo moneda mueren muerte muertos mujeres multa \
            médicos méxico niños noche oro pacto paro partido paz películas petróleo plaza \
            policía política precio precios presidenta presidente presupuesto prisión producción \
            programa protesta protestas proyecto pueblo pueblos reforma reino restaurante rusia \
            ruso récord salud sanidad sector seguridad selección senado sentencia servicio \
            servicios sindicatos sistema socialista temporada temporal terremoto tormenta \
            trabajadores trabajo tren trenes tribunal turistas título ucrania ue universidad \
            vacuna valencia venta victoria vivienda volcán voto vuelo vuelos víctimas",
    },
    Table {
        code: "pt",
        common: "a ao aos após aquele aquilo as até cada com como contra da das de dela dele \
            depois desde deve do dos e ela elas ele eles em entre era essa esse esta este está \
            estão eu foi for foram há isso isto já lhe mais mas me mesmo meu minha muito na nas \
            nem no nos nossa nosso num numa não nós o onde os ou para pela pelas pelo pelos pode \
            por porque qual quando que quem se sem ser será seu seus sob sobre sua suas são só \
            também te tem ter têm um uma umas uns vai você vão à às é",
        weak: "abril agora agosto alta ano anos anuncia apresenta aumenta aumentam bilhões boa \
            bom caem cai caiu cento central cinco coisas conheça decide deixa deixam dez \
            dezembro dia dias disse diz dois domingo duas dá economizar empresa entenda euros \
            faz fazer fevereiro fica ficam fim grande grandes grupo hoje homem hora horas ia \
            inverno janeiro julho junho lança maio maior maiores março melhor melhores menos \
            meses mil milhão milhões minutos morre mortos muda mudam mudará mulher mundo mês \
            nova novas nove novembro novo novos oito ontem outono outubro parte país pessoas \
            plano primavera primeira primeiro primeiros próxima próximo quarta quatro quer \
            quinta reais recebe sabe saber segunda seis semana semanas sete setembro sexta sobe \
            sobem subiram subiu sábado tempo terça toda todas todo todos três tudo unido unidos \
            união vem ver verão vez vida última último",
        plain: "acidente acordo aeroporto alegre ataque ataques avalanche avião banco bolsa \
            bolsonaro brasil brasileira brasileiro brasileiros brasília café campanha campeonato \
            carro carros casa caso centro chile china chuva chuvas cidade cidades clima clube \
            comissão congresso copa corte crime crise curitiba câmara decisão defesa deputado \
            deputados dinheiro dólar economia educação eleição eleições elétrico elétricos \
            emprego empresas enchente energia equipa equipe erupção escola espanha estado \
            estados estudo europa europeia exército família feira ferido feridos filme filmes \
            final fogo fortaleza frança funcionários futebol gol golpe governo greve guerra gás \
            horizonte hospital incêndio incêndios inflação investigação israel itália japão jogo \
            jogos juiz julgamento juros justiça lei liga lisboa lula mercado metrô militar \
            ministra ministro ministério modelo morte mulheres multa médicos operação orçamento \
            ouro papel partido paulo paz petróleo polícia política porto portugal portuguesa \
            português praia prefeito prefeitura presidente preso presos preço preços prisão \
            produção programa projeto protesto protestos prémio prêmio recife recorde reforma \
            reino relatório renuncia rio rússia salvador saúde segurança seleção senado \
            servidores serviço serviços sistema supremo taxa tempestade temporal terremoto \
            trabalho treinador trem tribunal trump turismo título ucrânia universidade vacina \
            vence vendas vitória voo voos voto vulcão vítimas água",
    },
    Table {
        code: "it",
        common: "a ad agli ai al alla alle allo anche ancora c che chi ci come con contro cosa \
            cui da dagli dai dal dall dalla dalle dallo degli dei del dell della delle dello di \
            dopo dove due e ed era essere fa fra gli ha hanno ho i il in io l la le lei li lo \
            loro lui ma mentre mi negli nei nel nell nella nelle nello noi non o ogni per perché \
            però più poi prima quale quali quando quanto quella quelle quelli quello questa \
            queste questi questo qui se sei senza si sia solo sono stata state stati stato su sua \
            sue sugli sui sul sull sulla sulle sullo suo suoi te tra tu tutta tutte tutti tutto \
            un un' una uno verso vi voi è",
        weak: "addio agosto alto anni anno annuncia apre aprile arriva arrivano aumenta \
            aumentano aumenti autunno basta bene cala calano cambia cambiano cambierà causa \
            cento chiede cinque conferma cose così dice dicembre dieci domani domenica donna \
            ecco estate euro fanno fare febbraio fine forte gennaio giorni giorno giovedì giugno \
            grande grandi gruppo ia ieri inverno italia lancia luglio lunedì maggio maggiore \
            martedì marzo meglio meno mercoledì mese mesi miglior migliore migliori mila \
            miliardi milione milioni minuti mondo morte morti morto muore nasce nove novembre \
            nuova nuove nuovi nuovo oggi ora ore otto ottobre paese parte perchè persone piano \
            prende presenta primavera prime primi primo punta può quattro ragioni resta \
            risparmiare sabato sale salgono sapere scende scendono secondo sempre sette \
            settembre settimana settimane sfida stop storia tempo terzo torna tre trova unione \
            uniti unito uomo va vede venerdì verrà via video vita volta vuole",
        plain: "accordo accusa accusato acqua aereo aereoporto aeroporto aiuti allarme \
            allenatore alluvione arresti arresto assemblea attacco auto automobile azienda banca \
            banche bce bilancio bolletta borsa calcio camera campionato capo carcere casa caso \
            cassazione centro cina città clima club commissione concorso condanna consiglio \
            corte costi crisi danni dati debito derby destra dimette dimissioni donne economia \
            elettrica elettriche elezioni emergenza energia eruzione esercito europa europea \
            europei fabbrica famiglia famiglie feriti film firma forza frana francia fuoco gas \
            germania giudici giustizia governo guasto guerra incendio inchiesta inchieste \
            incidente indagine inflazione israele italiana italiane italiani italiano lavoratori \
            lavoro legge libri londra maltempo mare mercato meteo milano ministero ministro \
            modello mondiale mosca multa museo napoli operai oro ospedale pace paesi palermo \
            papa parigi parlamento partita partito pensione pensioni petrolio piazza politica \
            polizia premier premio presidente prezzi prezzo processo procura produzione progetto \
            protesta record referendum regione riforma roma russia salute sanità sciopero sconto \
            scontro scuola senato sentenza serie servizi servizio sicurezza sindacati sindaco \
            sinistra società spagna squadra stagione strada studenti studio tasse tassi tempesta \
            tenta terremoto titolo torino treni treno tribunale trump ucraina ue università \
            vaccino valanga vendite venezia vigili vince vini vino vittime vittoria voli voto \
            vulcano",
    },
    Table {
        code: "nl",
        common: "aan al alle als bij dan dat de der deze die dit doen door dus een en er geen \
            haar had heb hebben heeft hem het hier hij hoe hun ik in is ja je kan kunnen maar \
            meer men met mijn moet na naar niet nog nu of om omdat ook op over te tegen tijdens \
            toch toen tot uit van vanaf veel voor waar waarom wanneer want waren was wat we wel \
            welke werd wie wil worden wordt ze zich zij zijn zo zonder zou",
        weak: "acht achter ai april augustus beste blijft brengt daalt dag dagen dalen december \
            derde dinsdag doet donderdag drie duizenden eerste einde elke euro februari gaan \
            gaat gisteren goed groot grootste grote half helft herfst hoge iets jaar januari \
            jaren juli juni komen komt krijgt laat laatste land lente leven maakt maand maandag \
            maanden maart mag man meerdere meest mei mensen miljard miljoen minder minuten \
            morgen nederland negen nieuw nieuwe nieuws november oktober ongeveer procent \
            september staat start steeds stelt stijgen stijgt tien tijd tips tussen twee tweede \
            uur vandaag veranderen verandert vier vijf volgens vraagt vragen vrijdag vrouw week \
            weer weken wereld weten wint winter woensdag zaterdag zegt zes zeven ziet zomer \
            zondag",
        plain: "aanval aardbeving actie advies akkoord amsterdam auto bank bedrijf belgië \
            besluit betoging brand brussel burgemeester china coalitie crisis debat dode doden \
            duitsland economie eu europa europese film frankrijk geld gemeente gewond gewonden \
            gezin gouden groei handel haven hof huis huizen israël japan kabinet kamer kans kind \
            kinderen klimaat lawine leger leraren londen maatregel markt minister ministerie \
            moord nederlanders nederlandse noord onderwijs onderzoek ongeluk oorlog oostenrijk \
            opstapt overheid overstroming parijs partij politie premier president prijs prijzen \
            proces protest rechtbank rechter record regering rijk rusland schade scholen school \
            spanje speler stad staking storm stroom team trainer trein treinen trump uitslag \
            universiteit vaccin veiligheid verbod verkiezingen verlies vliegtuig vluchten \
            voetbal vrede vulkaan water wedstrijd werk wet winst ziekenhuis zorg zuid",
    },
    Table {
        code: "pl",
        common: "a aby ale ani bez bo być był była było były będzie będą ci co czy dla do gdy \
            gdzie go i ich im in iż ja jak jako je jego jej jest jeszcze już każdy kiedy kto \
            która które którego której który których ma mają mi mnie może można na nad nam nas \
            nich nie niż o od on ona oni ono oraz po pod podczas pomiędzy ponad przed przez przy \
            się so sobie swoje są ta tak także tam te tego tej ten to tu ty tych tylko tym u w we \
            więc wśród z za ze że",
        weak: "ai bardzo czerwca cztery czwartek czym dlaczego dni dnia dobre drożeje drożeją \
            dwa dwie dziesięć dzień dziś euro godzin grudnia jeden jedna jesienią jesień jutro \
            koniec kwietnia lat lata latem lato lepiej lipca listopada ludzi ludzie lutego maja \
            marca miesiąc miesięcy mieć miliardów milion milionów mówi najlepsze najlepszych \
            najnowsze największy niedziela nowa nowe nowego nowej nowy nowych ogłasza osiem osób \
            października pierwsza pierwszy piątek pięć plan pokazał polska poniedziałek potem \
            proc procent przeciw raz rok roku rosną rośnie rusza siedem sierpnia sobota spada \
            spadają sposobów stycznia sześć trzeci trzy tydzień tys tysiące wczoraj wiadomo \
            wiemy wiosna wiosną więcej września wszystko wtorek zima zimą zmieni zmienia zmienią \
            znowu zł środa świat świata świecie",
        plain: "atak bank banku budżet burza chiny drodze dzieci dziecko europa europejska film \
            firma francja gaz gospodarka gospodarki granica inflacja izrael kandydat katastrofa \
            klub koalicja kobieta konflikt kraj kraków kryzys lawina mecz mieszkanie minister \
            ministerstwo ministra moskwa mundial mężczyzna niemcy ofiary opozycja partia paryż \
            podatek pogoda pokój polacy policja policji polityka polski powódź pożar praca pracy \
            prawo premier prezydent prezydenta produkcja projekt prokuratura protest rada \
            rakieta raport region rekord rosja rosji rynek rząd rządu sejm sejmu senat sezon \
            sport sprawa spółka strajk straż szef szkoła szpital sąd sądu trener trzęsienie \
            turcja uczniowie ue ukraina ukrainie umowa unia usa ustawa warszawa warszawie \
            więzienia woda wojna wojsko wulkan wybory wynik wypadek węgry włochy zarzuty \
            zatrzymany zdrowia ziemi zmiany złoto",
    },
    Table {
        code: "ru",
        common: "а без более бы был была были было быть в вам вас во вот все всех всё вы где да \
            даже два для до его ее если есть еще ещё её же за здесь и из из-за или им их к как \
            какие какой ко когда которая которые который кто ли лишь между меня мне может можно \
            мы на над надо нам нас не него нее нет ни них но ну о об около он она они оно от по \
            под после при про с сам свои своих свой своё себя со та так также такой там те тем то \
            того тоже только том тот ту тут ты у уже чего чем через что чтобы чья эта эти этим \
            этих это этого этой этот я",
        weak: "августа апреля век весна весной вечером восемь воскресенье время вторник второй \
            вчера вырос выросла выросли главное год года году дважды две девять декабря делать \
            день десять дешевеет дешевеют дней дня должен дома дорожает дорожают евро жизни \
            жизнь завтра заявил заявила заявили зима зимой зиму знать изменится ии июля июня \
            каждый компании компания конец крупнейший лет лето летом лучше лучшие лучших людей \
            люди марта мая месяц месяцев миллиард миллиардов миллион миллионов минут мир мира \
            мире много могут назвал назвали назван начал начали начался начнет новая нового \
            новой новом новые новый новых ноября нужно один одна октября осень осенью отставку \
            первая первой первые первый поднялась поднялись поднялся подорожал подорожала \
            подорожали получил получит понедельник почему представил причин процент процента \
            процентов пятница пятницу пять раз раза рассказал рассказали растет растут растёт \
            россии рублей самые самый сегодня сейчас семь сентября снизил снизила снизили \
            снизились среда среду стал стала стали стало стоит суббота субботу сша третий три \
            тысяч тысячи упал упала упали ушел ушёл февраля хотят цены часа часов человек \
            четверг четыре шесть января",
        plain: "авария авиакомпания автомобилей автомобили автомобиль актер аэропорт банк банка \
            банки безопасности берлин бизнес больница брюссель бюджет ввел вице власти военные \
            военный война войны вопрос вратарь врачи встреча вулкан вулкана вулкане выборы газ \
            германия глава город города госдума группа дело доллар дом доходы жители закон \
            законопроект западный заявление здание землетрясение землетрясения золото игра \
            извержение израиль инвестиции индекс иран история киев китай клуб книг команда \
            контракт концерт край кремль курс лавина лавины лидер матч машин машины медведев \
            министр минобороны мирный млн млрд модель москва москве москвы московский наводнение \
            наводнения нефть новости обвинение области область обстрел огонь остров парк \
            парламент партия певец пекин переговоры песков поезд пожар полиция помощь порт \
            правительство президент президента премия премьер приговор продажи проект \
            производство путин работа район ракета ракеты регион режиссер рейс рекорд рекордное \
            решение российские российский россия россиян рост рынок самолет самолёт санкции \
            сборная связь сезон сервис сериала следствие служба смерть соглашение спорт ставка \
            ставки ставку страна страны строительство суд суда счет танк трамп тренер турист \
            туристы турция убийство удар украина украине украины университет ураган учения \
            ученые учёные фильм фильмов форум франция футбол цена центр центробанк чемпион \
            чемпионат чемпионата школа школы шторм штраф эвакуированы экономика эксперт энергия \
            япония",
    },
    Table {
        code: "uk",
        common: "а аби або але б без би був була були було бути в вас вже ви вона вони все всі \
            від він де для до его з за зі й його коли котрий лише мене ми може між на над нам нас \
            не немає неї ним них ну ні о об один по при про під після свої себе та так також там \
            те тим то тобто того той тому ту ті тільки у усе усі хто це цей цього ці через чи \
            чого чому що щоб щодо я як яка яке який якщо які є і із їх її",
        weak: "березня вересня весна взимку влітку восени впали вчора вівторок відсотків гривень \
            грудня два дві день десять дешевшає дні днів дорожчають дорожчає життя жовтня завтра \
            заявив заявила зима зміниться знати зросла зросли зріс квітня кращі кінець липня \
            листопада людей люди лютого літо мільйон мільйонів мільярд місяць навесні найкращі \
            неділя нова нове новий нові осінь п'ятниця п'ять перша перший перші понеділок року \
            років рік світ світі середа серпня субота сьогодні сім січня тижня тисяч травня три \
            україна україни україні час червня четвер чотири ші шість",
        plain: "аварія аеропорт армія банк безпеки бюджет вибори влада водій вулкан війна війни \
            газ глава дерева дерево дрон дрони економіка екс закон зеленський землетрус зсу \
            китай києва києві київ країна країни курс лавина літак матч мова москва міністерство \
            міністр місто нато нафта німеччина область області обстріл парламент партія \
            переговори повінь пожежа польща поліція президент прем'єр проект путін рада ракета \
            ракети рекорд ринок російські росія росії рішення санкції служба справа страйк суд \
            сша трамп тренер угода ураган уряд франція футбол фільм харків церква ціни чемпіон \
            школа шторм європа європейський ізраїль",
    },
    Table {
        code: "tr",
        common: "acaba ama ancak arasında artık aslında az bana bazı belki ben beri bile bir biri \
            birkaç biz bu buna bunu bunun da daha de değil diye dolayı en gibi göre hem hep her \
            hiç ile ise için kadar karşı ki kim mi mu mü mı nasıl ne neden nerede niye o olan \
            olarak oldu olduğu olur on ona onlar onu onun sen siz sonra var ve veya ya yani yok \
            çok çünkü üzere üzerine şey şu",
        weak: "altı aralık arttı artıyor ay ayda aydan aylık açıkladı açıklandı ağustos belli \
            beş bin bugün büyük cuma cumartesi dakika dedi değişecek değişiyor değişti dokuz \
            dört dün dünya dünyanın düştü düşüyor ekim eski euro eylül geldi gün gündür güne \
            günü hafta haziran iki ilk ilkbahar iyi kasım kaç kişi kış kışın lira mart mayıs \
            milyar milyon nedir nisan ocak pazar pazartesi perşembe saat salı sekiz son sonbahar \
            temmuz tüm türkiye yapay yarın yaz yazın yedi yeni yükseldi yüz yüzde yıl yılda \
            yılın zaman zeka çarşamba önce önemli üç şubat",
        plain: "abd adalet almanya anayasa ankara araba avrupa bakan bakanlığı bakanı banka \
            bankası başkan başkanı belediye borsa bütçe ceza cumhurbaşkanı deprem deva devlet \
            dolar ekonomi elektrik enerji enflasyon erdoğan faiz fenerbahçe film fiyat fransa \
            futbol fırtına galatasaray gaz genel grev gözaltı gündem hakem hastane hava \
            havalimanı hükümet israil istanbul italya izmir japonya kanun karar kaza kupa lider \
            lig mahkeme maç maçı meclis memur merkez milli motor müdürlüğü ordu oyun parti polis \
            putin rekor rusya saldırı savaş sağlık sel seçim takım tarihi tbmm ticaret transfer \
            trump ukrayna uçak vergi volkan yangın yaralı yasa yunanistan zam zammı çin çığ ölü \
            öğrenci üniversite şampiyon şirket",
    },
    Table {
        code: "ar",
        common: "أمام أن أنه أنها أو أي إذا إلا إلى إن التي الذي الذين بسبب بعد بل به بها بين تحت \
            ثم حتى حول خلال دون ذلك ضد على عليه عليها عن عند غير فوق في فيه فيها قبل قد كان كانت \
            كل كما لا لكن لم لن له لها لهم ما مع من منذ منه منها هذا هذه هم هو هي و",
        weak: "أربعة أسبوع أعلن أعلنت أفضل أقل أكبر أكثر ألف أمس أول أيام الأول الأولى الجديد \
            الجديدة الخريف الربيع الشتاء الصيف العالم العام المئة اليوم بدء تعلن ثاني ثلاثة جديد \
            جديدة خمسة دولار شهر عام عاما عشر عشرة غدا قال قالت كيف لأول لماذا متى مرة مليار \
            مليون نحو يعلن يقول يوم",
        plain: "أوروبا أوكرانيا إسرائيل إعصار إيران الأمم الأمن الأوروبي الاتحاد الانتخابات \
            البرلمان البنك الجيش الحرب الحكومة الدولي الدولية الذهب الرئيس السعودية السلام \
            السودان الشرطة الصحة الصين الطاقة العراق الغاز القاهرة القمة الكهرباء المتحدة \
            المحكمة المركزي المطار المغرب النار النفط الوزراء الولايات اليابان باريس بركان بكين \
            ترامب تونس حريق حكومة دبي رئيس روسيا زلزال سعر سوريا شركة صحيفة عاصفة غزة فرنسا \
            فلسطين فيضان قتلى قرار قطر كأس لبنان لندن مباراة محكمة مدينة مصر منتخب موسكو موظفي \
            نادي هجوم واشنطن وزارة وزير وفاة",
    },
];

/// Names that the news of any language is full of.
pub(super) const NAMES: &str = "\
    adidas airbus alibaba alphabet amazon android anthropic apple baidu bbc biden bitcoin bmw \
    boeing bosch bytedance chatgpt chrome cnn deepseek disney dropbox ebay facebook fbi fifa \
    ford gemini github google gpt honda huawei hyundai ibm instagram intel ios ipad iphone kia \
    lg linkedin linux mac mercedes merkel messi meta microsoft musk nasa nato netflix nike \
    nintendo nissan nokia nvidia obama olympia opec openai oracle oscar panasonic paypal peugeot \
    pfizer philips playstation putin qualcomm reddit renault reuters ronaldo samsung sap seat \
    shell siemens snapchat sony spacex spotify starlink tesla tiktok toyota trump twitter uber \
    uefa unesco unicef vatican visa volkswagen volvo vw walmart whatsapp wikipedia windows \
    xiaomi yahoo youtube zelensky zoom";

/// What says little in Chinese and Japanese (pairs of letters) and in Korean (words).
pub(super) const EASTERN_WEAK: &str = "\
    一个 一文 万人 万元 万円 三个 两个 为什 为何 之后 予定 人気 亿元 什么 今回 今天 今年 今日 他们 以来 你们 值得 億円 公布 关于 去年 发布 变化 可以 哪些 \
    問題 報道 変更 多个 如何 宣布 年度 怎么 我们 推出 新款 方法 明天 昨天 昨年 更新 最佳 最值 最大 最新 最高 月日 来年 正式 注目 消息 特集 理由 発表 盘点 \
    看懂 表示 解説 解读 話題 速報 進め 進行 選手 開始 関係 首次 개 것 공개 관련 내일 달라지는 달라진 대한 등 만 명 무엇 및 바뀌는 바뀐 발표 방법 새로운 수 \
    알아보기 어떻게 어제 오늘 올해 왜 위한 이번 이유 전 지난해 첫 총정리 최고 최고의 최대 최초 추천 후";

/// What says less than other pairs and words there.
pub(super) const EASTERN_PLAIN: &str = "\
    上海 专家 世界 东京 中国 主席 九州 事故 京都 人工 代表 价格 任命 企业 企業 会社 会议 作品 \
    俄罗 値上 健康 優勝 公司 内閣 円安 农村 冠军 动车 動車 北京 北海 医院 南极 印度 台湾 台風 \
    台风 四川 国会 国家 国际 图书 地裁 地铁 地震 城市 大会 大学 大熊 大臣 大阪 央行 学校 学生 \
    安全 山西 工場 工智 巨人 市场 市場 幹線 广州 建设 德国 总理 总统 成田 战争 手机 手権 技术 \
    技術 投手 政府 政権 政策 教育 数据 文化 新型 新幹 旅游 日本 日銀 映画 智能 暴雨 東大 東証 \
    株価 検察 模型 欧盟 比赛 汽车 法国 法院 海道 深圳 游戏 火災 火灾 熊猫 物価 球队 甘肃 电动 \
    电影 电视 界杯 界選 病院 監督 研究 科学 空港 米国 米軍 経済 经济 罗斯 美国 股市 自動 航班 \
    芯片 英国 裁判 試合 調査 警察 警方 議員 记者 选举 逮捕 選挙 部长 野球 銀行 银行 開発 阪神 \
    震度 韓国 韩国 项目 飞机 首相 首都 香港 高裁 高铁 감독 강릉 개막 개발 검찰 경기 경제 경주 \
    경찰 공항 광주 구속 국민 국회 금리 기술 기업 네이버 대구 대전 대통령 대학 드라마 러시아 모델 \
    물가 미국 반도체 배터리 법원 병원 부산 부상 북한 사고 사망 사퇴 산불 삼성 서울 선거 선수 \
    세계 시장 야구 야당 여당 연구 영화 우승 우크라이나 울산 유럽 은행 인공지능 인천 일본 자동차 \
    장관 재판 전기차 정부 제도 제주 주가 중국 지방 지진 지하철 체포 총파업 축구 축제 카카오 태풍 \
    파업 포항 프로야구 학교 학생 한국은행 현대 화재 후보";
