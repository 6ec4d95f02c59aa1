"""The conversation by e-mail, for a customer who asks for it.

An address that has been proven (by the link in a mail, or by the site's signed word) gets all that was said. One that was only typed may
be anybody's: it gets a mail without a word of the conversation, and with the link that proves it; the page shows and downloads the rest.
Either is an automatic mail, so an address gets one within a day (`automatic.py`).
"""

from hub import intake, outbox
from hub.actions import announce
from hub.actions.automatic import may_answer
from hub.conversations import legs, thread
from hub.conversations.legs import Way
from hub.conversations.thread import Conversation, Leg, Utterance
from hub.store import Read, Tx
from hub.wire import Refusal

KIND = "transcript"
"""Of the message that asks for it to be written out below when it leaves."""

WORDS = {
    "en": ("Here is our conversation, as you asked.", "Somebody, probably you, asked us to send our conversation to this address. To read it, follow the link below."),
    "de": ("Hier ist unser Gespräch, wie gewünscht.", "Jemand, wohl Sie, bat uns, unser Gespräch an diese Adresse zu senden. Um es zu lesen, folgen Sie dem Link unten."),
    "fr": ("Voici notre conversation, comme demandé.", "Quelqu’un, sans doute vous, nous a demandé d’envoyer notre conversation à cette adresse. Pour la lire, suivez le lien ci-dessous."),
    "es": ("Aquí está nuestra conversación, como pidió.", "Alguien, probablemente usted, nos pidió enviar nuestra conversación a esta dirección. Para leerla, siga el enlace de abajo."),
    "pt": ("Aqui está a nossa conversa, como pediu.", "Alguém, provavelmente você, pediu que enviássemos a nossa conversa para este endereço. Para a ler, siga o link abaixo."),
    "it": ("Ecco la nostra conversazione, come richiesto.", "Qualcuno, probabilmente Lei, ci ha chiesto di inviare la nostra conversazione a questo indirizzo. Per leggerla, segua il link qui sotto."),
    "nl": ("Hier is ons gesprek, zoals gevraagd.", "Iemand, waarschijnlijk u, vroeg ons om ons gesprek naar dit adres te sturen. Volg de link hieronder om het te lezen."),
    "pl": ("Oto nasza rozmowa, zgodnie z prośbą.", "Ktoś, prawdopodobnie Ty, poprosił o wysłanie naszej rozmowy na ten adres. Aby ją przeczytać, otwórz poniższy link."),
    "tr": ("İstediğiniz gibi, görüşmemiz aşağıda.", "Biri, büyük olasılıkla siz, görüşmemizi bu adrese göndermemizi istedi. Okumak için aşağıdaki bağlantıyı açın."),
    "ar": ("إليك محادثتنا كما طلبت.", "طلب منا شخص ما، على الأرجح أنت، إرسال محادثتنا إلى هذا العنوان. لقراءتها اتبع الرابط أدناه."),
    "he": ("הנה השיחה שלנו, כפי שביקשת.", "מישהו, כנראה את/ה, ביקש לשלוח את השיחה שלנו לכתובת הזאת. כדי לקרוא אותה יש לפתוח את הקישור שלמטה."),
    "ja": ("ご希望の会話記録です。", "この会話をこのアドレスに送るよう依頼がありました。お読みになるには下のリンクを開いてください。"),
    "zh": ("这是您要的对话记录。", "有人（很可能是您）请我们将对话发送到此地址。要阅读，请打开下面的链接。"),
}  # fmt: skip
"""What the mail says: with the words of the conversation, and without them."""


def by_mail(tx: Tx, visitor: bytes, conversation: bytes, client_id: str, address: str, language: str) -> None:
    """Have the conversation sent to an address; sent twice is sent once.

    Refusals: not_found, bad_request (no address), unavailable (the site has no mail), rate_limited (the address had one today).
    """
    talk = thread.get(tx, conversation)
    if talk.visitor != visitor:
        raise Refusal("not_found", f"no conversation {conversation.hex()}")
    if thread.sent(tx, talk.id, client_id, "bot") is not None:
        return
    leg = _leg(tx, talk, _way(tx, talk, address))
    if not may_answer(tx, leg.connection, leg.thread):
        raise Refusal("rate_limited", "this address had such a mail today", retry_after=24 * 3600.0)
    with_words, without = WORDS.get(language[:2].lower(), WORDS["en"])
    said = Utterance(
        author="bot",
        kind=KIND,
        text=with_words if is_proven(tx, leg.id) else without,
        client_id=client_id,
        leaves=True,
        automatic=True,
    )
    stored = thread.append(tx, talk.id, leg.id, said, known_new=True)
    outbox.enqueue(tx, connection=leg.connection, leg=leg.id, message=stored.id)
    announce.message(tx, said, stored, leg)
    announce.conversation(tx, talk.id)


def is_proven(read: Read, leg: bytes) -> bool:
    """Whether the words of the conversation's page may leave by this leg: its address is of whoever sits before that page."""
    found = legs.get(read, leg)
    return found is not None and found.shown_on == thread.get(read, found.conversation).leg


def _way(read: Read, talk: Conversation, address: str) -> Way:
    typed = intake.normalise.identifier("email", address)
    if typed is None:
        raise Refusal("bad_request", f"email: expected an address, got {address[:80]!r}")
    for way in legs.ways_of(read, talk):
        if not way.is_page and intake.normalise.identifier("email", way.address) == typed:
            return way
    mail = legs.mail_of(read, talk.site)
    if mail is None:
        raise Refusal("unavailable", "this site sends no e-mail")
    return Way(connection=mail[0], channel=mail[1], address=typed)


def _leg(tx: Tx, talk: Conversation, way: Way) -> Leg:
    leg = way.leg or legs.join(tx, talk.id, way.channel, way.connection, way.address)
    if way.leg is None and way.proven:
        legs.show(tx, talk, way.address)
    return leg
