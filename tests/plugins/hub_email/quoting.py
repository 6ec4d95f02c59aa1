"""How mail programs begin a quote, in the thirteen languages of the product: the lines themselves, as data for `test_replies`."""

SAID = {
    "ar": "شكراً جزيلاً.\n\nهل يمكنني استلامها يوم الجمعة؟ رقم الطلب: 4711",
    "de": "Vielen Dank!\n\nKann ich es am Freitag um 10:15 Uhr abholen? Bestellnummer: 4711\n\nViele Grüße\nJörg",
    "en": "Thank you!\n\nCan I pick it up on Friday at 10:15? Order number: 4711\n\nBest,\nJo",
    "es": "¡Muchas gracias!\n\n¿Puedo recogerlo el viernes a las 10:15? Número de pedido: 4711\n\nUn saludo\nJosé",
    "fr": "Merci beaucoup !\n\nPuis-je passer le vendredi à 10:15 ? Numéro de commande : 4711\n\nCordialement\nJérôme",
    "he": "תודה רבה!\n\nאפשר לאסוף ביום שישי? מספר הזמנה: 4711",
    "it": "Grazie mille!\n\nPosso ritirarlo venerdì alle 10:15? Numero d'ordine: 4711\n\nSaluti\nGiò",
    "ja": "ありがとうございます。\n\n金曜日に受け取れますか。注文番号：4711",
    "nl": "Dank je wel!\n\nKan ik het vrijdag om 10:15 ophalen? Bestelnummer: 4711\n\nGroet,\nJoost",
    "pl": "Dziękuję bardzo!\n\nCzy mogę odebrać w piątek o 10:15? Numer zamówienia: 4711\n\nPozdrawiam\nJózek",
    "pt": "Muito obrigado!\n\nPosso levantar na sexta às 10:15? Número do pedido: 4711\n\nCumprimentos\nJoão",
    "tr": "Çok teşekkürler!\n\nCuma günü 10:15'te alabilir miyim? Sipariş numarası: 4711\n\nSaygılar\nGül",
    "zh": "非常感谢！\n\n星期五可以取吗？订单号：4711",
}

GMAIL = {
    "ar": "\u202bفي الاثنين، 23 نوفمبر 2026 في 10:15 ص تمت كتابة ما يلي بواسطة \u202aAnn Berg\u202c\u200f <\u202aann@shop.example\u202c\u200f>:\u202c",
    "de": "Am Mo., 23. Nov. 2026 um 10:15 Uhr schrieb Ann Berg <ann@shop.example>:",
    "en": "On Mon, Nov 23, 2026 at 10:15 AM Ann Berg <ann@shop.example> wrote:",
    "es": "El lun, 23 nov 2026 a las 10:15, Ann Berg (<ann@shop.example>) escribió:",
    "fr": "Le lun. 23 nov. 2026 à 10:15, Ann Berg <ann@shop.example> a écrit :",
    "he": "\u202bבתאריך יום ב׳, 23 בנוב׳ 2026 ב-10:15 מאת \u202aAnn Berg\u202c\u200f <\u202aann@shop.example\u202c\u200f>:\u202c",
    "it": "Il giorno lun 23 nov 2026 alle ore 10:15 Ann Berg <ann@shop.example> ha scritto:",
    "ja": "2026年11月23日(月) 10:15 Ann Berg <ann@shop.example>:",
    "nl": "Op ma 23 nov 2026 om 10:15 schreef Ann Berg <ann@shop.example>:",
    "pl": "pon., 23 lis 2026 o 10:15 Ann Berg <ann@shop.example> napisał(a):",
    "pt": "Em seg., 23 de nov. de 2026 às 10:15, Ann Berg <ann@shop.example> escreveu:",
    "tr": "Ann Berg <ann@shop.example>, 23 Kas 2026 Pzt, 10:15 tarihinde şunu yazdı:",
    "zh": "Ann Berg <ann@shop.example> 于2026年11月23日周一 10:15写道：",
}

APPLE = {
    "ar": "في ٢٣ نوفمبر ٢٠٢٦، الساعة ١٠:١٥ ص، كتب Ann Berg <ann@shop.example>:",
    "de": "Am 23.11.2026 um 10:15 schrieb Ann Berg <ann@shop.example>:",
    "en": "On 23 Nov 2026, at 10:15, Ann Berg <ann@shop.example> wrote:",
    "es": "El 23 nov 2026, a las 10:15, Ann Berg <ann@shop.example> escribió:",
    "fr": "Le 23 nov. 2026 à 10:15, Ann Berg <ann@shop.example> a écrit :",
    "he": "\u200fב-23 בנוב׳ 2026, בשעה 10:15,\u200f Ann Berg <ann@shop.example> כתב/ה:",
    "it": "Il giorno 23 nov 2026, alle ore 10:15, Ann Berg <ann@shop.example> ha scritto:",
    "ja": "2026/11/23 10:15、Ann Berg <ann@shop.example>のメール:",
    "nl": "Op 23 nov 2026, om 10:15 heeft Ann Berg <ann@shop.example> het volgende geschreven:",
    "pl": "Wiadomość napisana przez Ann Berg <ann@shop.example> w dniu 23 lis 2026, o godz. 10:15:",
    "pt": "No dia 23/11/2026, às 10:15, Ann Berg <ann@shop.example> escreveu:",
    "tr": "Ann Berg <ann@shop.example> şunları yazdı (23 Kas 2026 10:15):",
    "zh": "在 2026年11月23日，10:15，Ann Berg <ann@shop.example> 写道：",
}

THUNDERBIRD = {
    "ar": "في 23/11/2026 10:15 ص، كتب Ann Berg:",
    "de": "Am 23.11.26 um 10:15 schrieb Ann Berg:",
    "en": "On 23/11/2026 10:15, Ann Berg wrote:",
    "es": "El 23/11/26 a las 10:15, Ann Berg escribió:",
    "fr": "Le 23/11/2026 à 10:15, Ann Berg a écrit :",
    "he": "בתאריך 23/11/2026 10:15, Ann Berg כתב:",
    "it": "Il 23/11/2026 10:15, Ann Berg ha scritto:",
    "ja": "On 2026/11/23 10:15, Ann Berg wrote:",
    "nl": "Op 23-11-2026 om 10:15 schreef Ann Berg:",
    "pl": "W dniu 23.11.2026 o 10:15, Ann Berg pisze:",
    "pt": "Em 23/11/2026 10:15, Ann Berg escreveu:",
    "tr": "23.11.2026 10:15 tarihinde Ann Berg yazdı:",
    "zh": "在 2026/11/23 10:15, Ann Berg 写道:",
}

OUTLOOK = {
    "ar": ("من", "تم الإرسال", "إلى", "الموضوع"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "en": ("From", "Sent", "To", "Subject"),
    "es": ("De", "Enviado el", "Para", "Asunto"),
    "fr": ("De", "Envoyé", "À", "Objet"),
    "he": ("מאת", "נשלח", "אל", "נושא"),
    "it": ("Da", "Inviato", "A", "Oggetto"),
    "ja": ("差出人", "送信日時", "宛先", "件名"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "pl": ("Od", "Wysłano", "Do", "Temat"),
    "pt": ("De", "Enviada em", "Para", "Assunto"),
    "tr": ("Kimden", "Gönderildi", "Kime", "Konu"),
    "zh": ("发件人", "发送时间", "收件人", "主题"),
}

ORIGINAL = {
    "ar": "-----الرسالة الأصلية-----",
    "de": "-----Ursprüngliche Nachricht-----",
    "en": "-----Original Message-----",
    "es": "-----Mensaje original-----",
    "fr": "-----Message d'origine-----",
    "he": "-----הודעה מקורית-----",
    "it": "-----Messaggio originale-----",
    "ja": "-----元のメッセージ-----",
    "nl": "-----Oorspronkelijk bericht-----",
    "pl": "-----Wiadomość oryginalna-----",
    "pt": "-----Mensagem original-----",
    "tr": "-----Özgün İleti-----",
    "zh": "-----原始邮件-----",
}

PHONE = {
    "ar": "أُرسلت من الـ iPhone",
    "de": "Von meinem iPhone gesendet",
    "en": "Sent from my iPhone",
    "es": "Enviado desde mi iPhone",
    "fr": "Envoyé de mon iPhone",
    "he": "נשלח מה-iPhone שלי",
    "it": "Inviato da iPhone",
    "ja": "iPhoneから送信",
    "nl": "Verstuurd vanaf mijn iPhone",
    "pl": "Wysłane z iPhone'a",
    "pt": "Enviado do meu iPhone",
    "tr": "iPhone'umdan gönderildi",
    "zh": "发自我的iPhone",
}

FORWARD = {
    "ar": "---------- رسالة معاد توجيهها ----------",
    "de": "---------- Weitergeleitete Nachricht ---------",
    "en": "---------- Forwarded message ---------",
    "es": "---------- Mensaje reenviado ---------",
    "fr": "---------- Message transféré ---------",
    "he": "---------- הודעה מועברת ----------",
    "it": "---------- Messaggio inoltrato ---------",
    "ja": "---------- 転送されたメッセージ ----------",
    "nl": "---------- Doorgestuurd bericht ---------",
    "pl": "---------- Wiadomość przekazana dalej ----------",
    "pt": "---------- Mensagem encaminhada ---------",
    "tr": "---------- İletilen mesaj ----------",
    "zh": "---------- 转发的邮件 ----------",
}
