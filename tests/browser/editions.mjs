// A site with editions in eleven languages and nine scripts: the same made-up news in each, with
// a long article that has everything that text can have, and a story in a language of another
// direction.
import { NOW, write } from "./site.mjs";

// Of each language: title and description of its edition, names of topics and of a provider,
// headline and excerpt of each story, and the long article. Its file says more than others so that
// type can be looked at: emphasis, quotations, lists, a table, code, and words in Latin letters.
export const EDITIONS = {
  en: {
    title: "The Model Report", description: "What is new about artificial intelligence, chosen by people.",
    topics: ["Chips", "Research", "Law"], provider: "Harbour Gazette", tag: "energy use", query: "accelerator",
    stories: [
      ["New accelerator halves the power that an answer takes", "The maker says that its third generation needs 42 watts where the second needed 90, and that the saving comes from memory."],
      ["Open weights for a model that reads handwriting of the 17th century", "Archivists in three cities trained it together; anyone may run it on a laptop."],
      ["Parliament passes a law on decisions made by machines", "Whoever is refused a loan by a program may ask a person to look again."],
      ["A museum's guide now speaks forty languages", "Visitors point their phones at a picture and listen."],
      ["Data centre will heat the municipal pool", "From January, 4 MW of waste heat go into the water."],
      ["Court: books may be read by machines, but not copied whole", "The ruling settles one half of a question that publishers have asked for years."],
      ["Flood warnings a day earlier", "A weather model that runs on one card beat the national service in 31 of 40 cases."],
    ],
    heading: "What the numbers say", emphasis: "not a single page", quote: "We did not believe it ourselves, and measured again.",
    text: "The model was trained on 1.2 million lines. It reads \"long s\" and abbreviations, and *not a single page* was left out. **Two thirds** of the errors are names. The code is at [Harbour Lab](https://example.org/), for Python 3.12.",
    list: ["Reading: 97.4 %", "Dating: within ten years", "Cost: 0.3 cents a page"], table: ["Hand", "Lines", "Errors"],
  },
  de: {
    title: "Der Modellbericht", description: "Was es Neues über künstliche Intelligenz gibt, von Menschen ausgewählt.",
    topics: ["Halbleiter", "Forschung", "Recht"], provider: "Hafenanzeiger", tag: "Stromverbrauch", query: "Rechenbeschleuniger",
    stories: [
      ["Neuer Rechenbeschleuniger halbiert den Stromverbrauch je Antwort", "Die dritte Generation braucht laut Hersteller 42 Watt statt 90; gespart wird vor allem beim Speicher."],
      ["Offene Gewichte für ein Modell, das Handschriften des 17. Jahrhunderts liest", "Archive aus drei Städten haben es gemeinsam trainiert; es läuft auf jedem Notebook."],
      ["Bundestag beschließt Gesetz über maschinelle Entscheidungen", "Wem ein Programm den Kredit verweigert, der kann verlangen, dass ein Mensch noch einmal hinsieht."],
      ["Museumsführer spricht jetzt vierzig Sprachen", "Besucherinnen und Besucher richten das Telefon auf ein Bild und hören zu."],
      ["Rechenzentrumsabwärmenutzungsvereinbarung für das Hallenbad unterzeichnet", "Von Januar an fließen 4 MW Abwärme ins Becken."],
      ["Gericht: Maschinen dürfen Bücher lesen, aber nicht ganz abschreiben", "Das Urteil klärt die eine Hälfte einer Frage, die Verlage seit Jahren stellen."],
      ["Hochwasserwarnungen einen Tag früher", "Ein Wettermodell auf einer einzigen Karte war in 31 von 40 Fällen besser als der Wetterdienst."],
    ],
    heading: "Was die Zahlen sagen", emphasis: "keine einzige Seite", quote: "Wir haben es selbst nicht geglaubt und noch einmal gemessen.",
    text: "Das Modell wurde mit 1,2 Millionen Zeilen trainiert. Es liest \"langes s\" und Abkürzungen, und *keine einzige Seite* wurde ausgelassen. **Zwei Drittel** der Fehler sind Namen. Der Code liegt bei [Harbour Lab](https://example.org/), für Python 3.12.",
    list: ["Lesen: 97,4 %", "Datieren: auf zehn Jahre genau", "Kosten: 0,3 Cent je Seite"], table: ["Hand", "Zeilen", "Fehler"],
  },
  ru: {
    title: "Вестник моделей", description: "Новости искусственного интеллекта, отобранные людьми.",
    topics: ["Микросхемы", "Исследования", "Право"], provider: "Портовая газета", tag: "энергопотребление", query: "ускоритель",
    stories: [
      ["Новый ускоритель вдвое снижает расход энергии на один ответ", "Третье поколение, по словам производителя, потребляет 42 ватта вместо 90, главным образом за счёт памяти."],
      ["Открыты веса модели, читающей рукописи XVII века", "Её вместе обучили архивы трёх городов; запустить её можно на обычном ноутбуке."],
      ["Парламент принял закон о решениях, принимаемых машинами", "Тот, кому программа отказала в кредите, может потребовать, чтобы дело посмотрел человек."],
      ["Музейный гид заговорил на сорока языках", "Посетители наводят телефон на картину и слушают."],
      ["Дата-центр будет отапливать городской бассейн", "С января в воду пойдут 4 МВт сбросного тепла."],
      ["Суд: машинам можно читать книги, но нельзя копировать их целиком", "Решение отвечает на половину вопроса, который издатели задают уже много лет."],
      ["Предупреждения о паводках придут на день раньше", "Модель погоды на одной карте оказалась точнее государственной службы в 31 случае из 40."],
    ],
    heading: "Что говорят цифры", emphasis: "ни одной страницы", quote: "Мы сами не поверили и измерили ещё раз.",
    text: "Модель обучена на 1,2 миллиона строк. Она читает \"титло\" и сокращения, и *ни одной страницы* не пропущено. **Две трети** ошибок приходятся на имена. Код лежит в [Harbour Lab](https://example.org/), для Python 3.12.",
    list: ["Чтение: 97,4 %", "Датировка: с точностью до десяти лет", "Цена: 0,3 цента за страницу"], table: ["Почерк", "Строки", "Ошибки"],
  },
  "zh-Hans": {
    title: "模型日报", description: "由人挑选的人工智能新闻。",
    topics: ["芯片", "研究", "法律"], provider: "海港时报", tag: "能耗", query: "加速器",
    stories: [
      ["新一代加速器让每次回答的耗电量减半", "厂商称第三代产品的功耗从90瓦降到42瓦，节省主要来自内存。"],
      ["能读懂十七世纪手写体的模型开放权重：三座城市的档案馆共同训练，任何人都可以在笔记本电脑上运行", "研究者说，模型识别草书与缩写的准确率达到97.4%。"],
      ["议会通过机器决策法", "被程序拒绝贷款的人可以要求由人重新审查。"],
      ["博物馆导览现在会说四十种语言", "参观者把手机对准画作即可收听。"],
      ["数据中心将为市立游泳馆供热", "从一月起，4兆瓦余热将送入泳池。"],
      ["法院：机器可以读书，但不得整本复制", "这一判决回答了出版商多年来所提问题的一半。"],
      ["洪水预警提前一天", "在一张显卡上运行的天气模型，在40次预报中有31次胜过国家气象部门。"],
    ],
    heading: "数字说明了什么", emphasis: "没有遗漏任何一页", quote: "我们自己也不相信，于是又测了一遍。",
    text: "模型用一百二十万行文字训练而成。它能读“长s”和缩写，*没有遗漏任何一页*。错误中有**三分之二**是人名。代码在[Harbour Lab](https://example.org/)，适用于Python 3.12。",
    list: ["识别：97.4%", "断代：误差十年以内", "成本：每页0.3美分"], table: ["字体", "行数", "错误"],
  },
  "zh-Hant": {
    title: "模型日報", description: "由人挑選的人工智慧新聞。",
    topics: ["晶片", "研究", "法律"], provider: "海港時報", tag: "耗電量", query: "加速器",
    stories: [
      ["新一代加速器讓每次回答的耗電量減半", "廠商表示第三代產品的功耗從90瓦降到42瓦，節省主要來自記憶體。"],
      ["能讀懂十七世紀手寫體的模型開放權重：三座城市的檔案館共同訓練，任何人都可以在筆記型電腦上執行", "研究者說，模型辨識草書與縮寫的準確率達到97.4%。"],
      ["議會通過機器決策法", "被程式拒絕貸款的人可以要求由人重新審查。"],
      ["博物館導覽現在會說四十種語言", "參觀者把手機對準畫作即可收聽。"],
      ["資料中心將為市立游泳館供熱", "從一月起，4百萬瓦餘熱將送入泳池。"],
      ["法院：機器可以讀書，但不得整本複製", "這項判決回答了出版社多年來所提問題的一半。"],
      ["洪水預警提前一天", "在一張顯示卡上執行的天氣模型，在40次預報中有31次勝過國家氣象單位。"],
    ],
    heading: "數字說明了什麼", emphasis: "沒有遺漏任何一頁", quote: "我們自己也不相信，於是又測了一遍。",
    text: "模型以一百二十萬行文字訓練而成。它能讀「長s」和縮寫，*沒有遺漏任何一頁*。錯誤中有**三分之二**是人名。程式碼在[Harbour Lab](https://example.org/)，適用於Python 3.12。",
    list: ["辨識：97.4%", "斷代：誤差十年以內", "成本：每頁0.3美分"], table: ["字體", "行數", "錯誤"],
  },
  ja: {
    title: "モデル通信", description: "人が選んだ人工知能のニュース。",
    topics: ["半導体", "研究", "法律"], provider: "港湾新聞", tag: "消費電力", query: "アクセラレーター",
    stories: [
      ["新型アクセラレーター、回答一件あたりの消費電力を半減", "第三世代は90ワットから42ワットに下がり、節約の大半はメモリーによるものだという。"],
      ["十七世紀のくずし字を読むモデル、重みを公開 三都市の文書館が共同で訓練し、誰でもノートパソコンで動かせる", "研究者によると、くずし字と略字の認識精度は97.4%に達した。"],
      ["国会、機械による決定に関する法律を可決", "プログラムに融資を断られた人は、人による再審査を求めることができる。"],
      ["美術館の音声案内が四十言語に対応", "来館者は携帯電話を絵に向けて耳を傾ける。"],
      ["データセンターの廃熱で市民プールを温める", "一月から4メガワットの廃熱がプールに送られる。"],
      ["裁判所「機械が本を読むのはよいが、丸ごとの複製は認めない」", "出版社が長年問い続けてきたことの半分に答えが出た。"],
      ["洪水警報が一日早く", "一枚のカードで動く気象モデルが、40件のうち31件で気象当局を上回った。"],
    ],
    heading: "数字が語ること", emphasis: "一枚も抜かさず", quote: "自分たちでも信じられず、もう一度測り直しました。",
    text: "モデルは百二十万行で訓練された。「長いs」も略字も読み、*一枚も抜かさず*に処理した。誤りの**三分の二**は人名である。コードは[Harbour Lab](https://example.org/)にあり、Python 3.12で動く。",
    list: ["認識：97.4%", "年代：十年以内", "費用：一頁0.3セント"], table: ["書体", "行数", "誤り"],
  },
  ko: {
    title: "모델 통신", description: "사람이 고른 인공지능 소식.",
    topics: ["반도체", "연구", "법률"], provider: "항구신문", tag: "전력 소비", query: "가속기",
    stories: [
      ["새 가속기, 답변 한 건에 드는 전력을 절반으로 줄여", "제조사는 3세대 제품의 소비 전력이 90와트에서 42와트로 줄었으며 대부분 메모리에서 아꼈다고 밝혔다."],
      ["17세기 손글씨를 읽는 모델, 가중치 공개", "세 도시의 기록보관소가 함께 학습시켰고 누구나 노트북에서 돌릴 수 있다."],
      ["국회, 기계의 결정에 관한 법률 통과", "프로그램이 대출을 거절하면 사람이 다시 살펴보도록 요구할 수 있다."],
      ["박물관 안내기가 이제 마흔 개 언어로 말한다", "관람객은 휴대전화를 그림에 대고 듣는다."],
      ["데이터센터 폐열로 시립 수영장 데운다", "1월부터 4메가와트의 폐열이 수영장으로 들어간다."],
      ["법원 “기계가 책을 읽어도 되지만 통째로 베껴서는 안 된다”", "출판사들이 여러 해 물어 온 질문의 절반에 답이 나왔다."],
      ["홍수 경보 하루 앞당긴다", "카드 한 장에서 도는 날씨 모델이 40건 가운데 31건에서 기상청을 앞섰다."],
    ],
    heading: "숫자가 말하는 것", emphasis: "한 쪽도 빠뜨리지 않았다", quote: "우리도 믿지 못해 다시 재어 보았습니다.",
    text: "모델은 120만 줄로 학습했다. \"긴 s\"와 줄임말을 읽으며 *한 쪽도 빠뜨리지 않았다*. 오류의 **3분의 2**는 이름이다. 코드는 [Harbour Lab](https://example.org/)에 있으며 Python 3.12에서 돈다.",
    list: ["인식: 97.4%", "연대: 10년 이내", "비용: 쪽당 0.3센트"], table: ["글씨", "줄", "오류"],
  },
  ar: {
    title: "تقرير النماذج", description: "أخبار الذكاء الاصطناعي كما يختارها البشر.",
    topics: ["الرقائق", "الأبحاث", "القانون"], provider: "جريدة الميناء", tag: "استهلاك الطاقة", query: "مسرّع",
    stories: [
      ["مسرّع جديد يخفض الطاقة التي تتطلبها الإجابة الواحدة إلى النصف", "تقول الشركة إن الجيل الثالث يحتاج إلى 42 واط بدل 90 واط، وإن معظم التوفير يأتي من الذاكرة."],
      ["أوزان مفتوحة لنموذج يقرأ مخطوطات القرن السابع عشر", "دُرّب النموذج في دور محفوظات بثلاث مدن، ويستطيع أي شخص تشغيله على حاسوب محمول."],
      ["البرلمان يقر قانونًا بشأن القرارات التي تتخذها الآلات", "من يرفض برنامجٌ إقراضَه يحق له أن يطلب مراجعة إنسان."],
      ["مرشد المتحف يتحدث الآن أربعين لغة", "يوجّه الزائر هاتفه إلى اللوحة ويستمع."],
      ["مركز بيانات سيدفئ المسبح البلدي", "ابتداءً من يناير تذهب 4 ميغاواط من الحرارة المهدورة إلى الماء."],
      ["المحكمة: يجوز للآلات أن تقرأ الكتب، لا أن تنسخها كاملة", "يحسم الحكم نصف سؤال يطرحه الناشرون منذ سنوات."],
      ["إنذارات الفيضان قبل يوم من موعدها", "تفوّق نموذج للطقس يعمل على بطاقة واحدة على الهيئة الوطنية في 31 حالة من 40."],
    ],
    heading: "ماذا تقول الأرقام", emphasis: "ولا صفحة واحدة", quote: "لم نصدق ذلك نحن أيضًا، فقسنا مرة أخرى.",
    text: "دُرّب النموذج على 1.2 مليون سطر. وهو يقرأ \"الحروف المتصلة\" والاختصارات، *ولا صفحة واحدة* تُركت. **ثلثا** الأخطاء في الأسماء. الشفرة في [Harbour Lab](https://example.org/) وتعمل مع Python 3.12.",
    list: ["القراءة: 97.4٪", "التأريخ: بفارق عشر سنوات", "الكلفة: 0.3 سنت للصفحة"], table: ["الخط", "الأسطر", "الأخطاء"],
  },
  he: {
    title: "דו״ח המודלים", description: "חדשות הבינה המלאכותית, בבחירת בני אדם.",
    topics: ["שבבים", "מחקר", "משפט"], provider: "עיתון הנמל", tag: "צריכת חשמל", query: "מאיץ",
    stories: [
      ["מאיץ חדש מקצץ בחצי את החשמל שנדרש לתשובה", "לדברי היצרנית, הדור השלישי צורך 42 ואט במקום 90, בעיקר בזכות הזיכרון."],
      ["משקולות פתוחות למודל שקורא כתבי יד מהמאה ה־17", "ארכיונים בשלוש ערים אימנו אותו יחד, וכל אחד יכול להריץ אותו במחשב נייד."],
      ["הכנסת אישרה חוק על החלטות של מכונות", "מי שתוכנה סירבה לתת לו הלוואה רשאי לבקש שאדם יבדוק שוב."],
      ["המדריך במוזאון מדבר כעת ארבעים שפות", "המבקרים מכוונים את הטלפון אל הציור ומאזינים."],
      ["חוות שרתים תחמם את הבריכה העירונית", "מינואר יוזרמו 4 מגה־ואט של חום עודף אל המים."],
      ["בית המשפט: מכונות רשאיות לקרוא ספרים, אך לא להעתיקם בשלמותם", "פסק הדין עונה על חצי מהשאלה שמו״לים שואלים זה שנים."],
      ["אזהרות הצפה יום מוקדם יותר", "מודל מזג אוויר שרץ על כרטיס אחד גבר על השירות המטאורולוגי ב־31 מתוך 40 מקרים."],
    ],
    heading: "מה אומרים המספרים", emphasis: "אף לא עמוד אחד", quote: "גם אנחנו לא האמנו, ומדדנו שוב.",
    text: "המודל אומן על 1.2 מיליון שורות. הוא קורא \"אותיות מחוברות\" וקיצורים, ו*אף לא עמוד אחד* לא הושמט. **שני שלישים** מהטעויות הן בשמות. הקוד נמצא ב־[Harbour Lab](https://example.org/), עבור Python 3.12.",
    list: ["קריאה: 97.4%", "תיארוך: בטווח של עשר שנים", "עלות: 0.3 סנט לעמוד"], table: ["כתב", "שורות", "טעויות"],
  },
  hi: {
    title: "मॉडल समाचार", description: "कृत्रिम बुद्धिमत्ता की ख़बरें, इंसानों की चुनी हुई।",
    topics: ["चिप", "अनुसंधान", "क़ानून"], provider: "बंदरगाह समाचार", tag: "बिजली की खपत", query: "त्वरक",
    stories: [
      ["नया त्वरक हर उत्तर पर लगने वाली बिजली आधी कर देता है", "कंपनी का कहना है कि तीसरी पीढ़ी को 90 की जगह 42 वाट चाहिए और बचत मुख्यतः मेमोरी से होती है।"],
      ["सत्रहवीं सदी की लिखावट पढ़ने वाले मॉडल के भार खुले", "तीन शहरों के अभिलेखागारों ने इसे मिलकर प्रशिक्षित किया; कोई भी इसे लैपटॉप पर चला सकता है।"],
      ["संसद ने मशीनी फ़ैसलों पर क़ानून पारित किया", "जिसे किसी प्रोग्राम ने क़र्ज़ देने से मना किया हो, वह किसी व्यक्ति से दोबारा जाँच की माँग कर सकता है।"],
      ["संग्रहालय का मार्गदर्शक अब चालीस भाषाएँ बोलता है", "दर्शक फ़ोन को चित्र की ओर करके सुनते हैं।"],
      ["डेटा केंद्र नगर के तरणताल को गर्म करेगा", "जनवरी से 4 मेगावाट बेकार ऊष्मा पानी में जाएगी।"],
      ["अदालत: मशीनें किताबें पढ़ सकती हैं, पूरी नक़ल नहीं कर सकतीं", "यह फ़ैसला उस सवाल के आधे हिस्से का जवाब है जो प्रकाशक वर्षों से पूछते आए हैं।"],
      ["बाढ़ की चेतावनी एक दिन पहले", "एक ही कार्ड पर चलने वाला मौसम मॉडल 40 में से 31 बार राष्ट्रीय सेवा से बेहतर रहा।"],
    ],
    heading: "आँकड़े क्या कहते हैं", emphasis: "एक भी पृष्ठ नहीं", quote: "हमें ख़ुद विश्वास नहीं हुआ, इसलिए दोबारा मापा।",
    text: "मॉडल को 12 लाख पंक्तियों पर प्रशिक्षित किया गया। वह \"लंबा s\" और संक्षेप पढ़ता है, और *एक भी पृष्ठ नहीं* छोड़ा गया। **दो तिहाई** ग़लतियाँ नामों में हैं। कोड [Harbour Lab](https://example.org/) पर है, Python 3.12 के लिए।",
    list: ["पढ़ना: 97.4 %", "काल-निर्धारण: दस वर्ष के भीतर", "लागत: 0.3 सेंट प्रति पृष्ठ"], table: ["लिखावट", "पंक्तियाँ", "ग़लतियाँ"],
  },
  th: {
    title: "รายงานโมเดล", description: "ข่าวปัญญาประดิษฐ์ที่คัดโดยคน",
    topics: ["ชิป", "งานวิจัย", "กฎหมาย"], provider: "หนังสือพิมพ์ท่าเรือ", tag: "การใช้ไฟฟ้า", query: "ตัวเร่ง",
    stories: [
      ["ตัวเร่งรุ่นใหม่ลดไฟฟ้าที่ใช้ต่อหนึ่งคำตอบลงครึ่งหนึ่ง", "ผู้ผลิตระบุว่ารุ่นที่สามใช้ไฟ 42 วัตต์แทน 90 วัตต์ โดยประหยัดได้จากหน่วยความจำเป็นหลัก"],
      ["เปิดน้ำหนักของโมเดลที่อ่านลายมือในคริสต์ศตวรรษที่ 17 ได้", "หอจดหมายเหตุในสามเมืองร่วมกันฝึก ใครก็ใช้งานบนโน้ตบุ๊กได้"],
      ["รัฐสภาผ่านกฎหมายว่าด้วยการตัดสินใจของเครื่องจักร", "ผู้ที่ถูกโปรแกรมปฏิเสธสินเชื่อขอให้คนตรวจสอบอีกครั้งได้"],
      ["มัคคุเทศก์ของพิพิธภัณฑ์พูดได้สี่สิบภาษาแล้ว", "ผู้ชมหันโทรศัพท์ไปที่ภาพแล้วฟัง"],
      ["ศูนย์ข้อมูลจะให้ความร้อนแก่สระว่ายน้ำของเทศบาล", "ตั้งแต่เดือนมกราคม ความร้อนเหลือทิ้ง 4 เมกะวัตต์จะไหลลงสระ"],
      ["ศาลชี้เครื่องจักรอ่านหนังสือได้ แต่คัดลอกทั้งเล่มไม่ได้", "คำตัดสินตอบคำถามครึ่งหนึ่งที่สำนักพิมพ์ถามมาหลายปี"],
      ["เตือนน้ำท่วมล่วงหน้าเร็วขึ้นหนึ่งวัน", "โมเดลพยากรณ์อากาศบนการ์ดใบเดียวแม่นกว่ากรมอุตุนิยมวิทยา 31 ครั้งจาก 40 ครั้ง"],
    ],
    heading: "ตัวเลขบอกอะไร", emphasis: "ไม่มีหน้าใดถูกข้าม", quote: "เราเองก็ไม่เชื่อ จึงวัดใหม่อีกครั้ง",
    text: "โมเดลนี้ฝึกด้วยข้อความ 1.2 ล้านบรรทัด อ่าน \"ตัว s ยาว\" และคำย่อได้ และ*ไม่มีหน้าใดถูกข้าม* **สองในสาม** ของข้อผิดพลาดคือชื่อคน โค้ดอยู่ที่ [Harbour Lab](https://example.org/) สำหรับ Python 3.12",
    list: ["การอ่าน: 97.4 %", "การระบุอายุ: ภายในสิบปี", "ค่าใช้จ่าย: 0.3 เซ็นต์ต่อหน้า"], table: ["ลายมือ", "บรรทัด", "ข้อผิดพลาด"],
  },
};

const DEFAULT = "en";
const NAMES = ["accelerator", "handwriting", "law", "museum", "pool", "court", "flood"];
const TOPICS = ["chips", "research", "law"];
const quoted = JSON.stringify;

/** The path of an edition of the site, with a slash at its start only: empty, or `/zh-hans`. */
export const pathOf = (language) => language === DEFAULT ? "" : `/${language.toLowerCase()}`;

function settings() {
  const tables = Object.entries(EDITIONS).filter(([language]) => language !== DEFAULT).map(([language, { title, description }]) =>
    `[languages.${language}]\ntitle = ${quoted(title)}\ndescription = ${quoted(description)}\n`);
  const { title, description } = EDITIONS[DEFAULT];
  return `title = ${quoted(title)}\ndescription = ${quoted(description)}\nbase_url = "https://example.org/"\n` +
    `content.typography = true\ntags.pages = true\nsources.page = true\nlisting.page_size = 4\n\n${tables.join("\n")}`;
}

/** A map of names, one for each language. */
const byLanguage = (name, of) => `${name}:\n` + Object.entries(EDITIONS).map(([language, edition]) => `  ${language}: ${quoted(of(edition))}\n`).join("");

/** A text with everything that a text can have. */
const body = ({ heading, text, list, table, quote, stories }) => `${text}\n\n## ${heading}\n\n${list.map((item) => `- ${item}\n`).join("")}\n` +
  `> ${quote}\n\n| ${table.join(" | ")} |\n|---|--:|--:|\n| A (1612) | 41,300 | 2.1 % |\n| B (1688) | 9,050 | 3.4 % |\n\n` +
  `${stories[0][1]} ${stories[2][1]}[^1]\n\n\`\`\`\nread --model handwriting page-001.tif\n\`\`\`\n\n[^1]: ${stories[5][1]}\n`;

/** Writes the site into a folder. */
export function writeEditions(root) {
  write(root, "site.toml", settings());
  TOPICS.forEach((topic, at) => write(root, `content/topics/${topic}.yaml`, byLanguage("name", ({ topics }) => topics[at])));
  write(root, "content/providers/harbour.yaml", byLanguage("name", ({ provider }) => provider) + "domain: harbour.example\n");
  write(root, "content/sources/harbour.yaml", "feed: https://harbour.example/feed\nprovider: harbour.example\n");
  for (const [language, edition] of Object.entries(EDITIONS)) {
    const ending = language === DEFAULT ? "md" : `${language}.md`;
    edition.stories.forEach(([title, excerpt], at) => {
      const day = new Date(Date.parse(NOW) - (at + 1) * 20 * 3600e3).toISOString();
      write(root, `content/news/${NAMES[at]}.${ending}`, `---\ntitle: ${quoted(title)}\nexcerpt: ${quoted(excerpt)}\npublishedDateTime: ${day}\n` +
        `originalUrl: https://harbour.example/${language}/${NAMES[at]}\nprovider: { domain: ${at % 3 ? "harbour" : "quay"}.example }\n` +
        `topics: [${quoted(edition.topics[at % 3])}]\ntags: [${quoted(edition.tag)}]\nquality: ${90 - at}\n---\n${at === 1 ? body(edition) : ""}`);
    });
    // A story in a language that has no edition, of the other direction.
    const [locale, title, excerpt] = ["ar", "he"].includes(language)
      ? ["fr", "Un centre de données chauffera la piscine : 4 MW", "Dès janvier, la chaleur perdue ira dans l’eau."]
      : ["fa", "مرکز داده استخر شهر را گرم می‌کند: ۴ مگاوات", "از ژانویه گرمای هدررفته به آب می‌رود (Harbour Lab)."];
    write(root, `content/news/foreign.${ending}`, `---\ntitle: ${quoted(title)}\nexcerpt: ${quoted(excerpt)}\nlocale: ${locale}\n` +
      `publishedDateTime: ${new Date(Date.parse(NOW) - 36e5).toISOString()}\noriginalUrl: https://quay.example/${language}/foreign\n` +
      `provider: { name: ${quoted(locale === "fa" ? "روزنامه اسکله" : "Le Quai")}, domain: quay.example }\ntopics: [${quoted(edition.topics[0])}]\n---\n`);
    write(root, `content/pages/about.${ending}`, `---\ntitle: ${quoted(edition.title)}\n---\n${edition.description}\n`);
  }
}
