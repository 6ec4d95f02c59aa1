"""Words that people and programs write where they have nothing to say, and mailboxes that are a desk's.

Lists, and meant to grow: an entry costs nobody anything who is real, a missing one makes a customer of everybody who typed it.
Changing one changes who is who, so it raises `normalise.VERSION`.
"""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOTHING: Final = _words(
    "null none nil undefined nan void anonymous anonym anonyme anonimo anonymous_user guest gast na unknown unbekannt inconnu "
    "desconocido empty false true test abc123 default user_id userid user.id username dummy tbd xxx xxxx asdf qwerty redacted "
    "withheld unavailable not_set notset not-set unset invalid undefined@undefined none@none null@null "
    "ffffffff-ffff-ffff-ffff-ffffffffffff"
) | {"", "n/a", "n.a.", "n. a.", "k.a.", "object object", "not set", "not available", "no data", "-1", "?"}
"""Values that identify nobody, whatever the kind; compared without case, quotes and brackets. Values of nothing but zeros, dashes
and the like (`0`, `--`, `00000000-0000-…`) and leftovers of templates (`{{user_id}}`) are known by their form."""

ROLES: Final = _words(
    "info infos information informacion sales support noreply no-reply no_reply donotreply do-not-reply do_not_reply kontakt contact "
    "contacto contatti contato office mail mailbox email e-mail post postmaster hostmaster webmaster hello hallo hi hola bonjour "
    "service services servicio kundenservice kundendienst customerservice customer-service customercare customers care helpdesk help "
    "helpme ticket tickets admin administrator administration verwaltung sekretariat secretary reception empfang abuse security "
    "privacy datenschutz dpo gdpr legal billing buchhaltung accounting accounts accountspayable ap ar rechnung rechnungen invoice "
    "invoices facturacion factures compta finance finanzen payroll team staff all everybody everyone newsletter news marketing pr "
    "presse press media jobs job careers karriere career bewerbung recruiting hr personal rrhh shop store webshop onlineshop "
    "bestellung bestellungen order orders pedidos commandes vertrieb verkauf ventas vente einkauf purchasing procurement compras "
    "technik tech it dev development developers ops operations root daemon mailer-daemon nobody system notification notifications "
    "alerts alert bounce bounces feedback enquiries enquiry inquiry inquiries anfrage anfragen booking bookings reservations "
    "reservierung reservation events partner partners board management direktion direction geschaeftsleitung zentrale welcome biuro "
    "sklep kontor bilgi iletisim destek inkoop verkoop klantenservice assistenza ordini amministrazione commerciale"
)
"""Local parts that are a desk's, not a person's."""

PLACEHOLDERS: Final = _words(
    "none null no nobody noone na n.a n/a nil noemail no-email no_email nomail no-mail keine keinemail keine-email kein sin sinemail "
    "sincorreo sansemail pasdemail test testing tester teste test1 test123 asdf asdfg asdfasdf qwerty qwertz xxx xxxx aaa aaaa abc "
    "abc123 fake dummy example sample unknown undefined invalid notavailable not-available noreply-invalid foo bar foobar"
)
"""Local parts that say there is no address, at any domain."""

STAND_INS: Final = _words(
    "a aa b c d x xx y z 1 12 123 1234 12345 123456 user email mail e-mail name me you ich"
)
"""Local parts that do so where the domain is no better."""

PLACEHOLDER_DOMAINS: Final = _words(
    "test.com test.de test.net test.org test.es test.fr test.it test.co.uk example.com example.org example.net example.de beispiel.de "
    "none.com none.de no.com null.com nomail.com noemail.com keine.de na.com undefined.com asdf.com asdf.de abc.de xxx.xx xyz.xyz "
    "fake.com invalid.com domain.com domain.de yourdomain.com mydomain.com email.invalid localhost.localdomain"
)

DISPOSABLE: Final = _words(
    "mailinator.com mailinator.net guerrillamail.com guerrillamail.net guerrillamail.org guerrillamail.de guerrillamailblock.com "
    "sharklasers.com grr.la 10minutemail.com 10minutemail.net 20minutemail.com temp-mail.org temp-mail.io tempmail.com tempmail.net "
    "tempmail.de tempmailo.com tempr.email throwawaymail.com trashmail.com trashmail.de trashmail.net trash-mail.com trash-mail.de "
    "yopmail.com yopmail.fr yopmail.net dispostable.com discard.email discardmail.com discardmail.de maildrop.cc mailnesia.com "
    "mailcatch.com mailnull.com mintemail.com mohmal.com moakt.com emailondeck.com fakeinbox.com fakemail.net getnada.com nada.email "
    "getairmail.com spam4.me spamgourmet.com spambog.com spambog.de byom.de wegwerfemail.de wegwerfmail.de einrot.com muell.email "
    "mytemp.email inboxkitten.com burnermail.io mailsac.com mail-temp.com emailtemporario.com.br jetable.org minuteinbox.com "
    "tempinbox.com anonbox.net mail.tm harakirimail.com"
)
"""Mailboxes that anybody may open: what comes from one may be anybody's next time."""
