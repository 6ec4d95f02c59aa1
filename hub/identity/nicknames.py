"""Short and pet forms of given names, in groups: names of one group may be one person's. Folded, as `names.fold` writes them.

Only forms that neither a common beginning nor a likeness of letters finds; who shares a group with whom is custom, not logic, so a
name may stand in several. Regional spellings of one name (Johann, John, Juan) share one where people themselves use both.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_GROUPS: Final = """
alexander alex alec lex sandro xander sascha sasha sacha sander aleksander aleksandr alejandro alessandro |
alexandra alex sandra sascha sasha sacha xandra aleksandra alejandra alessandra ola | abigail abby gail |
abraham abe bram ibrahim ibo | adelheid heidi heide adele | adrian adi | agnieszka aga agnes agi |
albert bert al albrecht berti bertie | aleksei alexei aljoscha alyosha lyosha |
alfred fred alf fredi freddy alfie fredo | alice ali lissy alison | amelia amy millie emily emmy |
anastasia nastya anya stacy asja nastja stasya | andreas andre andi andy andrea |
andrew andy drew andrej andrzej andrei jedrzej | angelika geli angela angie angelica |
anna ann anne anni annie anya anja hanna hannah anke anneke annette nancy ania hania asia |
antonia toni tonia | anton toni tony anthony antonio antoine antoni antek tonio tonino ton teun |
anneliese liesel lise anne | arnold arno arnie nolte | arthur art artie artur |
barbara babs barb basia barbel babsi barbie | bartholomaus bart barthel bartek bartosz bartlomiej |
beatrice bea trixi trixie beatrix beatriz | benedikt ben bene benni benedict benedetto benoit |
benjamin ben benni benny benji beniamin | bernhard bernd bernie benno bernard berndt bernardo |
bethany beth | brigitte gitta gitte biggi birgit britta brigida bridget | bogdan bodzio |
carl karl carlo carlos charles charly charlie chuck karol kalle carlitos | carmen carmela |
caroline carolin line karolin karoline caro carrie carol lina karolina | caterina rina cate |
catherine cathy kate katie kathy kitty cate katharine katherine kathryn kay |
charlotte lotte charly charlie lottie lotta carlotta lola |
christian chris christo kris krystian cristiano christer |
christina chris tina christine christa kristina krysia krystyna tini cristina kristin kirsten kirsty |
christopher chris kit christoph topher krzysztof krzysiek christophe stoffel cristobal |
claudia claudi klaudia | constantin kosta konstantin kostya costa dino konstantinos kostas |
consuelo chelo | concepcion concha conchita | cornelia conny nele nelly corry |
cornelius cor kees neel cornelis | czeslaw czesiek | daniel dan danny dani danilo danek |
daniela dani danka | david dave davy dawid davide | deborah deb debbie debra | dietrich dieter dirk |
dimitri dima mitja dmitri dmitry dmitrii dimitrios mitya dimitris | dolores lola loli |
dominik dom domi dominic dominique domenico mimmo nico | donald don donnie |
dorothea dora doro dorothee thea dorothy dot dottie dorotka dorota | eberhard eddi hardy |
edmund ed ned edmond | eduard edi ed eddie edgar edoardo | edward ed eddie ned ted teddy eduardo edek |
eleanor ellie nell nora leonore eleonore eleonora ella nelly leonora | elena lena lenka helena ilona |
elisabeth lisa elsa lise liesl betty lisbeth elli sissi ella else elise bettina isabel ilse elsbeth lis |
elizabeth liz lizzie beth betty eliza betsy libby lisa elsie ellie bess elspeth | elzbieta ela bozena |
emanuel manuel manu emmanuel manolo manny | emilia emmi mila milla milly | enrique quique kike henry |
ernst ernesto ernest ernie | erwin ervin | esther essie hettie ester |
eugen eugene gene jewgeni evgeny evgenii zhenya | eva eve evi ewa evita evelyn ewka | evgenia zhenya jenya |
fatima fatma fadime | federico fede rico | felicitas feli feliz fee | ferdinand ferdi fernando nando |
filippo pippo philip | florian flo flori | francesca franca cesca chicca |
francesco franco checco francis ciccio | francisco paco pancho fran curro kiko quico francis |
frances fran fannie francie | francois francis | franciszek franek | francis frank fran frankie |
franz francis frank ferenc franzl franzi | franziska franzi fanny ziska |
frederick fred freddie rick frederic fritz | friedrich fritz fred friedel fiete frits frederik frerik rik |
gabriel gabe gabi | gabriele gabi gaby gabriela gabriella lella | genevieve ginette vivi |
georg jorg juergen jurgen schorsch george jorge georges giorgio jerzy jurek yuri yuriy yury |
gerald gerry jerry | gerhard gerd hardy gert gerrit gerardo | gerrit gert gerard |
gertrud trude traudl gerti trudi gerda trudy | gerhardt gerd gert | gilbert gil bert |
giovanni gianni nanni vanni gian | giovanna gianna vanna | giulia giulietta |
giuseppe beppe peppe pino peppino geppino | giuseppina pina giusy | gottfried friedel godfrey |
gregor grischa grisha gregory greg grzegorz grzesiek grigori grigory | guillaume william |
guillermo memo guille | gunther gunter gunnar guenther guenter | gustav gustl gus gustavo |
hans johann johannes hansi hannes hanns jan john | harold harry hal | hartmut hardy |
hedwig hedi hede jadwiga jadzia | heinrich heinz heiner henrik hinrich heini hendrik harry henry heino |
helena lena ella hela nelly helen helene lenka ellen leni | helmut helle |
henrike rike henriette jette henni henrietta hetty ettie | henry hank harry hal henri enrique enrico |
herbert bert herb herbie | hermann armin herman manni | hildegard hilde hilda |
hieronymus jerome jeronimo geronimo | hortensia tencha | hubert bert hubertus hub huib | huseyin huso |
ignacio nacho ignaz ignatius ignazio | ildefonso alfonso | ingeborg inge inga inka |
irena irina ira irene irka | isabella bella isa izzy isabel isabelle isobel belle ysabel |
iwan ivan vanya wanja vania |
jacob jake jakob jakub kuba james jacques giacomo jaap cobus jacobus sjaak diego santiago yakov jacopo |
jacqueline jackie jacky | james jim jimmy jamie | jan janek johannes hans jasiek | jane janie jenny janet |
janet jan jenny | janusz janek | jason jay | javier javi xavi xavier | jean jeannot johnny |
jeffrey jeff geoff geoffrey | jennifer jen jenny jenni | jeremias jeremy jerry | jessica jess jessie |
jesus chus chuy | joachim jochen achim jo joaquin kim jochem | joan joanie | joanna asia joasia johanna jo |
johanna hanna hannah jo joanna hanne hansi jana johanne | johannes hannes jo johnny |
john jack johnny jon jonathan ian sean jock | jonathan jon jonny nathan |
jose pepe josep chepe pepito joseluis |
josef sepp jupp joe joseph joschi beppo pepi pepe jozef jef juppi jos seppl |
josefine josi fine josephine josie fifi pina | josefa pepa pepi | joseph joe joey jo jose |
jozef jozek jos jef | juan johnny juanito juancho | judith judy jutta jude |
julia julie jule juli giulia juliet lia | julian jule juli jules | juliane jule julia |
julius jul jules julio giulio | jurgen juergen georg | karolina karo lina karola |
karl heinz kalle karlheinz | kaspar casper jasper caspar gaspar gaspard | katarina kata kaja katka |
katarzyna kasia kaska kate |
katharina kathi kathe katja kathrin katrin kati trine nina tina rina kata katinka ina | kenneth ken kenny |
klara clara claire chiara | klaus nikolaus niklas nicolas claus | konrad kurt conny conrad radek |
krystyna krysia kris | kristof chris | lambert bert lammert | larissa lara lora |
lawrence larry lars laurence laurie lorenz laurens | leonard leo len lenny leonardo leon leonhard hardy |
leopold leo poldi | lidia lida lydia | liesel elisabeth | lorenz laurenz lars lorenzo enzo renzo |
louis lou louie ludovic | louise lou lulu | lucas luke luca lukas luc lukasz |
lucia lucy luzia luzie lucie zia | ludmila mila ljuda luda lyudmila lyuda |
ludwig lutz wiggerl louis luis luigi gigi lou lodewijk | luigi gigi gino | luis lucho | lukasz luki |
maciej maciek matthias | magdalena magda lena leni madeleine maddalena magdalene malena madlen |
malgorzata gosia malgosia margaret | manfred manni fred manny | marcel marcello |
margaret maggie meg peggy margie greta rita marge daisy megan marjorie may |
margarete grete gretel greta gitta rita marga margret gretchen margit margarethe |
margarita rita marga mar | margherita rita |
maria mary marie mia marika ria mariechen mitzi mimi moni mariska masha mascha marita mariella marja marusya |
marianne janne anne marion mariann | mario marius | marija masha maja | martha marta patty |
martin marty marten maarten marcin | martina tina marti | mary molly polly mae mamie | mateusz mati mateo |
mathilde tilda thilde tilly matilda mattie | matthew matt matty |
matthias matthes hias matze mathias mats matthijs thijs mattias matteo mateo mattia matej |
maximilian max maxi massimo massimiliano | maxim max massim maksim |
mehmet memo muhammed mohammed mohamed muhammad mahomet | melanie mel melli | mercedes merche meche |
michael mike michi micha mick mickey michel michal mischa misha miguel michele mikolaj mikkel mihail mikhail michiel |
michaela michi michelle ela micaela | mikhail misha mischa | mikolaj mikolajek nikolaus | mildred millie |
mirjam miriam mirja mimi | miroslaw mirek | monika moni nika monica | mustafa musti |
natalia natascha natasha talia natalie natalja natacha | nathaniel nate nathan |
nicolas nick nico klaus nikolas colas | nicholas nick nico klaus nicky | nicole nicki nico nikki nic |
nikolai kolja kolya nikolaj nick nikolas | nikolaus klaus niko nik niels nils niklas nicolaus nick klaas |
norbert bert nobby | octavia tavi | olga olja olya | oliver ollie olli olivier noll |
olivia liv livia livvy | oskar ossi oscar | otto otti | pamela pam | pascal paco |
patricia pat patty tricia trish trisha | patrick pat paddy rick patrik patrizio |
paul pablo paolo pauli pavel pawel paulus pol | paula pauline polly | pauline line paula | penelope penny |
peter pete piet pit pedro pierre piotr petr pietro pjotr petja petya pieter petros per peer | petra piet |
philipp lippi philip pip philippe filip felipe filippo | pilar pili | piotr piotrek | przemyslaw przemek |
rachel rae shelley | radoslaw radek | raffaele lello | raimund ray raymond ramon mundl |
rafael rafa raffael raffaele rapha raphael rafal | rebecca becky becca bekki rebekka |
reinhard hardy reini | reinhold holdi reini | renate rena nate | ricarda ricky |
richard rick dick rich ricky richie ricardo riccardo rik ryszard |
robert bob bobby rob robbie bert robi rupert roberto robin | roberta bobbie | roger rodger |
roland rolli rolo orlando | roman romek | ronald ron ronnie | rosa rosi rose rosita rosalia |
rosario charo | rosemarie rosi romy rose marie rosemary | rudolf rudi rolf ralf rudy rodolfo dolf |
rudiger rudi roger | salvatore toto turi salvo | salvador chava | samantha sam sammy |
samuel sam sammy sami | santiago santi | sarah sally sara sadie |
sebastian seb basti bastian baschti wastl sebastien sebas |
sergei serge sergio serjoscha seryozha sergey sergiusz | siegfried sigi siggi friedel |
siegmund sigi sigmund zygmunt | simon sim simeon szymon | simone simi mona |
sofia sophie sonja sonya sofie sophia zofia zosia zoska | stanislaw staszek stas stach stanislaus |
stanley stan | stefan steff steffen steve stephan stefano esteban istvan etienne szczepan stijn |
stefanie steffi stephanie steffie stephi fanny stefania | stephen steve stevie |
susanne susi sanne suse susan sue suzanne susanna susie sanna zuzanna zuzia suzie suzy |
svetlana sveta lana swetlana | sylwester sylwek | tadeusz tadek | tamara toma tammy |
tatjana tanja tanya tania tatiana tatyana |
teresa tess terry tessa resi therese theresa teresita maite thea |
theodor theo teo ted teddy fjodor fedor fyodor theodore |
thomas tom tommy tomas tomasz tomek tommaso masi maso | timotheus tim timo timothy timmy |
tobias tobi toby | tomasz tomek | ulrich uli ulli ulf | ulrike uli rike ulla ulli | urszula ula ursel |
ursula ulla uschi ursel uli | valentin valtin val valentino tino | valeria valeri lera | vera verena |
veronika vroni ronja vero nika veronica ronni | victor vic viktor vitya |
victoria vicky vic tori viktoria vika | vincent vince vinnie vinzenz vicente vincenzo enzo |
violetta viola letta | virginia ginny ginger |
vladimir volodya vova wolodja wladimir waldemar vladi wlodzimierz | vladislav vlad slava |
walter walt wally gauthier | waltraud traudl traudel | werner wern verner |
wilhelm willi willy helmut wim william will willem guillermo guillaume |
wilhelmine minna mina helma wilma minchen | william bill will billy liam willy | willem wim pim |
winfried winni friedel | wojciech wojtek | wolfgang wolf wolfi | yekaterina katya katja ekaterina katerina |
yelena lena jelena elena | yulia julia julija | yusuf yusef josef joseph | zbigniew zbyszek |
zdzislaw zdzisiek | zofia zosia | zachary zach zack | алексеи леша алеша | александр саша шура саня сашка |
александра саша шура | анастасия настя | анна аня анюта | антон тоша | борис боря | василии вася |
виктор витя | виктория вика | владимир вова володя вовка | владислав влад слава | вячеслав слава |
галина галя | геннадии гена | георгии гоша жора юрии | григории гриша | дарья даша | дмитрии дима митя |
евгении женя | евгения женя | екатерина катя катюша | елена лена алена | елизавета лиза | иван ваня |
ирина ира | константин костя | ксения ксюша | лариса лара | людмила люда мила | любовь люба | максим макс |
маргарита рита | мария маша маруся | михаил миша | надежда надя | наталья наташа наталия | николаи коля |
ольга оля | павел паша | петр петя | полина поля | роман рома | светлана света | семен сема |
сергеи сережа серега | софья соня софия | станислав стас слава | татьяна таня | федор федя | юлия юля |
юрии юра | яков яша | αικατερινη κατερινα | αλεξανδροσ αλεκοσ | αναστασιοσ τασοσ | γεωργιοσ γιωργοσ |
δημητριοσ δημητρησ μιτσοσ | ελενη λενα | ιωαννησ γιαννησ | κωνσταντινοσ κωστασ | μαρια μαρικα |
νικολαοσ νικοσ | παναγιωτησ πανοσ
"""


def _read(text: str) -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for n, group in enumerate(text.split("|")):
        for name in group.split():
            found.setdefault(name, set()).add(n)
    return MappingProxyType({name: frozenset(groups) for name, groups in found.items()})


_OF: Final = _read(_GROUPS)


def akin(a: str, b: str) -> bool:
    """Whether custom knows these two folded given names as forms of one."""
    return not _OF.get(a, frozenset()).isdisjoint(_OF.get(b, frozenset()))
