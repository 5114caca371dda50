"""How other languages than English say that a name is wrong or old, and who sends and who hears. Pure.

Guides mix languages: the names of events stay, and what is said of them is in the language of the team.
"""

from __future__ import annotations

import re

from conformance.align.model import Shape

REFUTED = (
    # German, French, Spanish, Portuguese, Italian
    ("nicht ", r"\bnicht\s+(?:mehr\s+)?(?:verwende|benutze|nutze|sende)[nt]\b|\bnicht\s+mehr\b"),
    ("statt", r"\banstatt\b|\bstattdessen\b"),
    ("frühe", r"\bfrühere[rsnm]?\s+name"),
    ("pas ", r"\bne\s+(?:\w+\s+)?pas\s+(?:utiliser|émettre|envoyer|écouter)|\bn['’]\w+\s+pas\b"),
    ("plus ", r"\bn['’e]\s*\w+\s+plus\b"),
    ("obsol", r"\bobsol[eè]t[eoa]s?\b"),
    ("no ", r"\bno\s+(?:uses?|usar|emitas?|emitir|env[ií]es?|escuches?)\b"),
    ("ya no", r"\bya\s+no\b"),
    ("não ", r"\bnão\s+(?:use[mn]?|usar|emita|envie|escute)\b"),
    ("non ", r"\bnon\s+(?:usare|usate|emettere|inviare|ascoltare)\b|\bnon\b.{0,20}\bpiù\b"),
    ("rsetzt", r"\b(?:durch|von)\b.{0,60}\b(?:ersetzt|abgelöst)\b"),
    ("heißt", r"\bheißt\s+nicht\s+mehr\b"),
    ("hie", r"\bhie(?:ß|ss)(?:en)?\b"),
    ("entf", r"\bentf(?:allen|iel|ällt)\b"),
    ("umbenannt", r"\bumbenannt\b"),
    ("remplac", r"\bremplacée?s?\s+par\b"),
    ("appel", r"\bs['’]appelai(?:t|ent)\b"),
    ("dispar", r"\bdisparu(?:e?s?)?\b"),
    ("renomm", r"\brenommée?s?\b"),
    ("reemplaz", r"\breemplazad[oa]s?\s+por\b"),
    ("sustitu", r"\bsustituid[oa]s?\s+por\b"),
    ("llamaba", r"\bse\s+llamaban?\b"),
    ("substitu", r"\bsubstituíd[oa]s?\s+por\b"),
    ("chamava", r"\bse\s+chamavam?\b|\bchamava(?:m)?-se\b"),
    ("sostitu", r"\bsostituit[oaie]\s+da\b"),
    ("chiamava", r"\bsi\s+chiamava(?:no)?\b"),
    ("vervang", r"\bvervangen\s+door\b"),
    ("heet", r"\bheette(?:n)?\b"),
    ("hernoemd", r"\bhernoemd\b"),
    ("zastąpi", r"\bzastąpion[aeoy]\b"),
    ("nazywa", r"\bnazywał[aoy]?\s+się\b"),
    ("digant", r"\bdiganti(?:kan)?\b"),
    ("thay", r"\bthay\s+(?:thế\s+)?bằng\b|\bđược\s+thay\b"),
    ("đổi tên", r"\bđổi\s+tên\b"),
    # Vietnamese, Indonesian, Turkish, Polish
    ("dùng", r"\b(?:đừng|không)\s+(?:nên\s+|được\s+)?(?:sử\s+)?dùng\b"),
    ("không", r"\bkhông\s+còn\b"),
    ("lỗi thời", r"\blỗi\s+thời\b"),
    ("jangan", r"\bjangan\s+(?:pakai|gunakan|kirim)\b"),
    ("kullan", r"\bkullanmay[ıi]n\b|\bkullanılm[ıa]"),
    ("nie ", r"\bnie\s+(?:używaj|należy|wysyłaj)"),
    # Russian, Ukrainian, Hindi, Chinese, Japanese, Korean
    ("не ", r"\bне\s+(?:используйте|использовать|отправляйте|слушайте|використовуйте)"),
    ("устар", r"\bустар(?:ел|евш)"),
    *(
        (word, word)
        for word in (
            "застар", "प्रयोग न", "उपयोग न", "不要使用", "不要用", "请勿", "勿用", "废弃", "弃用", "不再使用",
            "不再支持", "已移除", "使わない", "使用しない", "使用禁止", "廃止", "非推奨", "사용하지", "더 이상",
        )
    ),
)  # fmt: skip
"""(a word that the sentence has, how it has to stand) as `english.PHRASES` has them."""

WRONG = (
    r"galat|falsch|vorher|alt|mauvais|faux|avant|ancien|incorrecto|mal|antes|viejo|errado|sbagliato|prima|sai|trước|"
    r"неправильно|до|yanlış|önce|źle|错误|之前|誤|잘못"
)
RIGHT = (
    r"sahi|richtig|nachher|neu|bon|juste|après|nouveau|correcto|bien|después|ahora|nuevo|certo|correto|giusto|dopo|đúng|"
    r"sau|правильно|после|doğru|sonra|dobrze|正确|现在|正|올바른"
)
"""Labels, and heads of columns, of what is wrong or was before, and of what is right or is now."""

SENDS = (
    r"sendet|gesendet|geschickt|verschickt|émise?s?|envoyée?s?|diffuse|enviad[oa]s?|emitid[oa]s?|manda|mandan|inviat[aeio]|emess[aeio]|"
    r"stuurt|sturen|verstuurt|verzend(?:t|en)|verzonden|verstuurd|wysyłan[aey]|wysłan[aey]|dikirim|memancarkan|senden|schickt|émet|émettre|envoie|envoyer|envía|envia|enviar|emite|emitir|invia|emette|gửi|phát|mengirim|"
    r"kirim|gönderir|wysyła|отправляет|отправка|надсилає|"
    r"(?:answers?|replies|responds?|contestan?|responden?|respondem?|antworte[nt]|répond(?:ent)?|rispond(?:e|ono)|antwoord(?:t|en)|odpowiada(?:ją)?)\s+"
    r"(?:\w+\s+)?(?:with|con|com|mit|avec|par|met)"
)
HEARS = (
    r"ontvangt|ontvangen|luistert|odebran[aey]|otrzymuje|mendengarkan|reçus?|reçues?|recibid[oa]s?|recebid[oa]s?|ricevut[aeio]|"
    r"erhält|bekommt|empfängt|empfangen|hört|lauscht|reçoit|recevoir|écoute|reciben?|escuchan?|recebem?|escutam?|riceve|ricevono|ascolta(?:no)?|reçoivent|nhận|(?:lắng\s+)?nghe|"
    r"menerima|dinler|alır|odbiera|nasłuchuje|получает|слушает|отримує"
)
SEES = (
    r"erwartet|wartet\s+auf|zeigt|sieht|attend(?:ent)?|affiche(?:nt)?|voit|espera(?:n|m)?|muestra(?:n)?|mostra(?:m|no)?|aspetta(?:no)?|verwacht(?:en)?|toont|"
    r"czeka\s+na|pokazuje|menunggu|menampilkan|đợi|chờ|thấy|hiện(?:\s+thị)?|hiển\s+thị|in\s+ra"
)
CLIENTS = r"clientes?|klient(?:a|y|em|ów)?|máy\s+khách|клиент|клієнт|klien|istemci"
SERVERS = r"serveur|servidor|máy\s+chủ|сервер|sunucu|serwer"
"""Words of one meaning; they stand between the ends of words."""

_SERVER = r"(?:服务器|服务端)"
CJK_TO_SERVER = re.compile(
    rf"客户端\s*(?:→|->|=>|到|向)\s*{_SERVER}|客户端(?:发送|发出|触发)"
    r"|クライアント\s*(?:→|->|から)\s*サーバ|クライアントが?送信"
)
CJK_TO_CLIENT = re.compile(
    rf"{_SERVER}\s*(?:→|->|=>|到|向)\s*客户端|{_SERVER}(?:发送|推送|广播|下发)|客户端(?:接收|监听)"
    r"|サーバー?\s*(?:→|->|から)\s*クライアント|クライアントが?受信"
)
"""Directions in languages that put no space between words."""


_EVENTS = (
    r"(?:events?|ereignisse?|événements?|évènements?|eventos?|eventi|gebeurtenissen|zdarzenia|sự\s+kiện|peristiwa)"
)
_OF = (
    r"(?:from|of|by|vom?|von|des|der|du|de|del|da|do|dal|dalla|van|od|dari|từ|của)"
    r"(?:\s+(?:the|le|la|el|het|den|de|l['’]))?\s*"
)
_THE_SERVER = r"(?:server|service|backend|gateway|hub|RTS|serveur|servidor|serwera?|máy\s+chủ|peladen)s?"
_THE_CLIENT = r"(?:clients?|clientes?|klienta?|klien|máy\s+khách)"
_FROM = r"(?:from|by|vom?|von|du|del|do|dal|van|od|dari|từ)(?:\s+(?:the|el|het|den|de))?\s*"
OF_SERVER = re.compile(
    rf"\b{_EVENTS}\s+{_OF}{_THE_SERVER}\b|\b(?:phát|đẩy|gửi|trả|bắn|đổ)\s+(?:xuống|về\s+(?:cho\s+)?(?:app|ứng\s+dụng|máy\s+khách|client))\b",
    re.IGNORECASE,
)
OF_CLIENT = re.compile(rf"\b{_EVENTS}\s+{_FROM}{_THE_CLIENT}\b|\b(?:gửi|phát|đẩy|bắn)\s+lên\b", re.IGNORECASE)
"""Events that are said to be a side's: what stands under it is sent by that side."""

IGNORED = re.compile(
    r"\b(?:ignored|ignoriert|ignorée?s?|ignorad[oa]s?|ignorat[aeio]|genegeerd|ignorowan[aey]|diabaikan|bỏ\s+qua)\b",
    re.IGNORECASE,
)
"""What happens to one who still uses a retired name."""

PAST = re.compile(
    r"\b(?:before\s+(?:v?\d|version|january|february|march|april|may|june|july|august|september|october|november|december)|"
    r"until|till|back\s+then|at\s+the\s+time|in\s+those\s+days|we\s+had|originally|in\s+the\s+past|historically|"
    r"bis\s+(?:v?\d|zum|zur|märz|mai|juni|juli)|damals|ursprünglich|wir\s+hatten|jusqu['’]\w+|à\s+l['’]époque|autrefois|"
    r"nous\s+avions|hasta\s+(?:v?\d|que)|en\s+aquel\s+entonces|antes|teníamos|originalmente|antigamente|tínhamos|"
    r"destijds|vroeger|we\s+hadden|all['’]epoca|prima\s+della|avevamo|wcześniej|dawniej|dulu|dahulu|trước\s+đây|ngày\s+trước)\b",
    re.IGNORECASE,
)
"""What tells of a time before: a retired name beside it is history."""

REALTIME = (
    r"RTS{0,3}(?!\.\w)|RT\s+(?:service|server)|"
    r"(?:ws|web-?sockets?|sockets?(?:\.io)?|real-?time)[-\s]+(?:gateway|servers?|hub|service|backend|node)"
)
"""What the server of sockets is called for short."""
ABBREVIATED = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:the|a|our)\s+)?(?:[\w.-]+\s+){0,2}?(?i:real-?time|sockets?(?:\.io)?|web-?socket|ws)\s+(?i:servers?|service|hub|gateway|backend|node|relay)"
    r"[\W_]{1,4}\(?(?P<behind>[A-Z]{2,4})\)"
    r"|(?<![A-Za-z0-9])(?P<before>[A-Z]{2,4})(?![A-Za-z0-9])[*_`]*\s*(?:\(|=|:|—|–|is|stands\s+for|là|ist|est|es|é|è|to)\s*(?:(?i:the|a|our|der|die|le|el|o|il)\s+)?[*_`]*"
    r"(?i:real-?time|sockets?(?:\.io)?|web-?socket)[-\s]+(?i:servers?|service|hub|gateway|backend|node|relay)\b"
)
"""Where a document says what it calls the server for short: `realtime hub (RH)`, `SS is the socket server`."""

CAUSED = (
    r"(?:triggered|caused|emitted\s+after|sent\s+after)(?:\s+by)?|causes?|triggers?|why|when|auslöser|ausgelöst\s+durch|ursache|grund|wann|"
    r"déclench(?:é|ée|eur)(?:\s+par)?|cause|quand|provocad[oa]\s+por|causa|cuándo|disparad[oa]\s+por|quando|origine|origen|aanleiding|"
    r"wyzwalacz|przyczyna|pemicu|nguyên\s+nhân|khi\s+nào|kích\s+hoạt\s+bởi"
)
"""What stands with a colon before the call that only causes what is shown."""

PEERS = (
    r"andere[rnm]?\s+dienste?|nachbardienste?|un\s+autre\s+service|autres\s+services|otros?\s+servicios?|outros?\s+serviços?|altr[oi]\s+serviz[io]|"
    r"andere\s+diensten?|inn[ae]\s+usług[ai]|layanan\s+lain|dịch\s+vụ\s+khác"
)
"""Another service than the one of the contracts."""
OTHERS = (
    r"die\s+anderen|alle\s+im\s+raum|les\s+autres|tous|los\s+demás|los\s+otros|todos|os\s+outros|os\s+demais|gli\s+altri|tutti|de\s+anderen|iedereen|"
    r"pozostali|wszyscy|yang\s+lain|semua|(?:những\s+)?người\s+khác|mọi\s+người|cả\s+phòng|"
    r"(?:máy|người|bên|phía|app)\s+(?:kia|khác|còn\s+lại)|những\s+máy\s+khác"
)
"""Whoever hears a broadcast."""

_OPTIONAL = (
    r"optional|optionnel(?:le)?|facultati(?:f|ve|vo|va)|opcional|opzionale|optioneel|opcjonaln[aey]|opsional|tùy\s+chọn"
)
IS_OPTIONAL = rf"(?:is|are|ist|sind|est|es|é|è|jest|là)\s+(?:{_OPTIONAL})\b"
OPTIONAL = re.compile(rf"\b(?:{_OPTIONAL})\b", re.IGNORECASE)
"""What is said of a field that may be left out."""
REQUIRED = re.compile(
    r"\W*(?:required|mandatory|always\??|presence|present|pflicht(?:feld)?|erforderlich|immer|obligatoire|requis|toujours|obligatori[oa]|requerid[oa]|siempre|"
    r"obrigatóri[oa]|sempre|richiest[oa]|verplicht|altijd|wymagan[aey]|zawsze|wajib|bắt\s+buộc)\W*",
    re.IGNORECASE,
)
"""The head of a column that says of each field whether it is always there."""
NO = re.compile(r"\W*(?:MAY|SHOULD|optional|no|nein|non|não|nee|nie|tidak|không|✗|❌)\W*", re.IGNORECASE)

FIELD = r"feld(?:er)?|champs?|camp(?:os?|i)|pola|pole|veld(?:en)?|kolom|trường|поле|поля|alan(?:lar)?|bidang"
"""What a part of a payload is called."""

CHANGES = (
    r"\b(?:document|revision|version|change|release)s?[-\s]+(?:history|log|table)\b|\bänderung(?:en|shistorie|sverlauf|sprotokoll|stabelle|slog)\b|"
    r"\bversions(?:geschichte|historie|verlauf)\b|\bhistorique\s+(?:des|du)\b|\bjournal\s+des\s+(?:versions|modifications)|"
    r"\b(?:registro|historial|control)\s+de\s+(?:cambios|versiones)\b|\b(?:registro|histórico|controle)\s+de\s+(?:alterações|mudanças|versões)\b|"
    r"\b(?:registro|cronologia)\s+del(?:le)?\s+(?:modifiche|versioni)\b|\bhistoria\s+(?:zmian|wersji)\b|\bwijzigingen\b|\bversiegeschiedenis\b|"
    r"\briwayat\s+(?:perubahan|versi)\b|\blịch\s+sử\s+(?:thay\s+đổi|phiên\s+bản|cập\s+nhật)|\bистория\s+(?:изменений|версий)|变更记录|版本历史|更新日志|変更履歴"
)
"""Headings under which the changes of a document are listed, and with them names of before."""
OPTION = re.compile(
    r"\W*(?:\d+(?:\.\d+)*\W+)?(?:(?:considered|possible|discarded|rejected|the)\s+)*(?:options?|alternatives?|variant[es]?|varianten?|alternativen?|"
    r"opciones|opción|opções|opção|opzion[ei]|opcj[ae]|warianty?|alternativas?|alternatieven|các\s+phương\s+án|phương\s+án|pilihan|方案|选项)"
    r"(?:\s+(?:considered|we\s+\w+|[a-z]|\d+|khác|consideradas|envisagées|überlegt))?\W*(?:[:—–-]\s.*)?$",
    re.IGNORECASE,
)
"""The heading of what was weighed, of which only one was taken; the decision says which."""
REJECTED = (
    r"rejected|declined|discarded|not\s+(?:taken|chosen)|ruled\s+out|abgelehnt|verworfen|rejetée?|écartée?|rechazad[oa]|descartad[oa]|"
    r"rejeitad[oa]|respint[oa]|scartat[oa]|odrzucon[aey]|afgewezen|từ\s+chối|bị\s+loại|ditolak|отклонено|否决"
)
"""What a cell says of something that was weighed and not taken."""

INTENDED = re.compile(
    r"(?:^\W*|\()(?:planned|later|to-?do|idea|not\s+yet|future|some\s+day|geplant|später|prévue?s?|plus\s+tard|previst[oa]s?|planead[oa]s?|planejad[oa]s?|"
    r"más\s+adelante|mais\s+tarde|previst[oi]|gepland|planowan[aey]|direncanakan|dự\s+kiến|sắp\s+có)\b|\b(?:is|are)\s+(?:only\s+)?planned\b",
    re.IGNORECASE,
)
"""What says that a name is not there yet."""

BACKGROUND = (
    r"context|background|kontext|hintergrund|contexte|contexto|contesto|achtergrond|kontekst|konteks|"
    r"latar\s+belakang|bối\s+cảnh"
)
"""The heading of a decision's record under which stands what was before it."""
NEVER = (
    r"never(?:\s+(?:ever|do(?:\s+this)?|use|again))?|prohibited|banned|(?:not|never)\s+(?:allowed|permitted|to\s+be\s+used)|"
    r"(?:must|may|should|shall|can)\s*(?:not|never|n['’]t)(?:\s+(?:do|use|send|emit|happen))?|"
    r"no-?gos?|off[-\s]limits|taboos?|"
    r"(?:what|things|names|events)\s+(?:(?:that\s+)?(?:an?|the|our|your)\s+)?(?:\w+\s+)?(?:may|must|should|can|shall)\s*"
    r"(?:not|never|n['’]t)(?:\s+(?:do|use|send|emit|be\s+\w+))?|"
    r"cấm|(?:tuyệt\s+đối\s+)?không\s+(?:được(?:\s+(?:làm|dùng|phép))?|dùng)|tuyệt\s+đối\s+không|"
    r"verboten|niemals|interdit|jamais|prohibid[oa]s?|nunca|proibid[oa]s?|vietat[oi]|verboden|nooit"
)
"""A label above what nobody may do."""
GONE = (
    r"(?:what\s+(?:went\s+away|we\s+(?:dropped|removed))|(?:what(?:['’]s|\s+is|\s+was)?\s+)?(?:gone|removed|dropped))|"
    r"was\s+(?:weg\w*|entfallen|verschwunden)(?:\s+ist)?|entfallen|"
    r"ce\s+qui\s+a\s+disparu|supprimés?|lo\s+que\s+desapareció|eliminados?|o\s+que\s+sumiu|removidos?|wat\s+weg\s+is|vervallen|"
    r"cosa\s+è\s+sparito|rimossi|usunięte|dihapus|đã\s+(?:bị\s+)?(?:xóa|gỡ|bỏ)"
)
"""Headings under which stands what is no longer there."""
UNSENT = (
    r"(?:\w+\s+)?(?:names?|events?)\s+(?:that\s+|which\s+)?(?:(?:(?:the|our)\s+)?(?:\w+\s+)?(?:server|service|backend|it)\s+"
    r"(?:does\s+not|do\s+not|doesn['’]t|never)|nobody|no\s+one)\s+(?:sends?|emits?|knows?|uses?|has)"
)
DONTS = (
    r"don['’]?ts?|do\s+not|avoid|never|wrong|bad|nicht(?:\s+so)?|falsch|à\s+éviter|évitez|ne\s+pas|pas\s+ça|evita|evite|evitar|"
    r"incorrecto|errado|fout|niet(?:\s+doen)?|vermijd|sbagliato|da\s+evitare|źle|nie|unikaj|salah|jangan|sai|đừng|tránh"
)
"""What stands with a colon before code that is not to be written."""

SCOPES = (
    r"berechtigung(?:en)?|zugriffsrechte?|permiss(?:ão|ões|ions?)|permisos?|permess[io]|uprawnieni[ae]|escopos?|alcances?|portées?|droits?|rechte\s+im|"
    r"rechten|izin|hak\s+akses|quyền(?:\s+hạn)?|phạm\s+vi|права|разрешени[яе]|权限|scope"
)
"""What is said of names that a token carries: what its owner may do."""

PAGERS = (
    r"pagers?|paged|on-?call|escalations?|alerte?s?|alarme?s?|pieper|oppieper|storing(?:en)?|waarschuwing(?:en)?|bereikbaar|"
    r"rufbereitschaft|bereitschaft|bipeur|astreinte|guardia|plantão|reperibilità|dyżur|pagerduty|opsgenie|siaga|trực"
)
"""What is said of names by which people are called in."""

GUIDE_SAYS = re.compile(
    r"\b(?:guide|docs?|documentation|handbook|readme|spec\w*|wiki|manual|leitfaden|doku\w*|guía|guida|manuel)\s+(?:still\s+)?"
    r"(?:says?|names?|lists?|calls?\s+\w+|sagt|nennt|dit|dice|diz)\s+(?:the\s+)?[`*_'\"(]*$",
    re.IGNORECASE,
)
GUIDE_TELLS = re.compile(
    r"\b(?:guide|docs?|documentation|handbook|readme|wiki|manual|leitfaden|doku(?:mentation)?|guía|guia|guida)\s+(?:\([^)]*\)\s+|v?\d[\d.]*\s+)?(?:still\s+)?"
    r"(?:says?|claims?|lets|tells|promises|has\s+it|sagt|behauptet|dit|dice|diz)\b(?:\s+that|\s+dass|\s+que|\s+che)?(?:[^.;]|\.\d)*$",
    re.IGNORECASE,
)
"""What stands before a name of which somebody else tells something."""
CONTRAST = re.compile(
    r"[^.]{0,40}?(?:,\s*|\b)(?:but|yet|while|what\s+(?:they|clients|it)|instead|actually|really|aber|mais|pero|mas|maar|ma)\b",
    re.IGNORECASE,
)
"""What stands on both sides of a name that a guide has, and nobody else: `the guide says X, but ...`."""

ANSWERED = re.compile(
    r"\b(?:answered|answers|acknowledged|replied|replies|response|beantwortet|antwortet|antwort\s+auf|répond(?:u|ent)?|réponses?|"
    r"responde|respuesta|responderá|resposta|respondid[oa]|beantwoord|antwoordt|antwoord|rispond(?:e|ono)|risposta|odpowiada|"
    r"odpowiedź|dijawab|menjawab|balasan|trả\s+lời|phản\s+hồi)\b",
    re.IGNORECASE,
)
"""What says that one name is answered by another, or by what is shown."""

ROOMS = r"raum|räume|salons?|salles?|salas?|kamers?|stanz[ae]|pokój|pokoje|pokoju|ruang(?:an)?|phòng"
ROOM_HEARS = re.compile(
    rf"\b(?:rooms?|others|everyone|members|{ROOMS})\s+(?:\w+\s+){{0,2}}"
    rf"(?:receives?|hears?|gets?|sees?|krijgt|voit|reçoit|reçoivent|ve|vê|vede|{HEARS})\b",
    re.IGNORECASE,
)
"""What the members of a room get is sent by the server."""

MAY = (
    r"may|can|must|is\s+allowed\s+to|darf|dürfen|kann|können|peut|peuvent|puede|pueden|pode|podem|può|possono|mag|mogen|kan|"
    r"kunnen|może|mogą|boleh|dapat|được|có\s+thể"
)
"""What stands between a socket and what it does, where the socket of a client is meant."""

SOCKET_MAY = re.compile(rf"(?<!server )\b(?:sockets?|connections?|verbindung|connexion)\s+(?:{MAY})\b", re.IGNORECASE)
"""A socket that may do something is a client's."""

CLIENT_ROLES = (
    r"clientes?|citoyen(?:ne)?s?|secouristes?|utilisateur\w*|appli\w*|navigateur|téléphone|bürger\w*|helfer\w*|retter\w*|nutzer\w*|"
    r"benutzer\w*|handy|ciudadan[oa]s?|rescatistas?|usuari[oa]s?|navegador|cidad[ãa]o?s?|cidadã|socorristas?|usuári[oa]s?|"
    r"burgers?|hulpverleners?|gebruikers?|cittadin[oi]|soccorritor[ei]|utent[ei]|obywatel\w*|ratownik\w*|użytkownik\w*|klient\w*|"
    r"warga|relawan|penolong|pengguna|klien|người\s+\w+|máy\s+khách|ứng\s+dụng"
)
SERVER_ROLES = (
    r"serveurs?|dienst|servicio|serviço|servizio|serwer|usługa|layanan|peladen|máy\s+chủ|dịch\s+vụ|temps\s+réel|tiempo\s+real|"
    r"tempo\s+reale?|echtzeit\w*|servidor"
)
"""What participants of diagrams are called."""

SHAPES: dict[str, Shape] = {
    **dict.fromkeys(("chaîne", "texte", "zeichenkette", "zeichenfolge", "cadena", "texto", "tekst", "stringa", "testo",
                     "napis", "teks", "chuỗi", "строка"), "string"),
    **dict.fromkeys(("nombre", "entier", "zahl", "ganzzahl", "número", "numero", "entero", "inteiro", "getal", "intero",
                     "liczba", "angka", "bilangan", "số", "число"), "number"),
    **dict.fromkeys(("booléen", "boolescher", "wahrheitswert", "booleano", "logico", "logiczny"), "boolean"),
    **dict.fromkeys(("objet", "objekt", "objeto", "oggetto", "obiekt", "objek"), "object"),
    **dict.fromkeys(("tableau", "liste", "feld", "arreglo", "lista", "lijst", "elenco", "tablica", "mảng"), "array"),
}  # fmt: skip
"""Types in the tables of fields."""

SHOWN = re.compile(
    r"(?:what|was|ce\s+qui|lo\s+que|o\s+que|wat|ciò\s+che|co|so|así|assim|ainsi|così)?\s*\b"
    r"(?:payload|format|formato|forme?|shape|body|data|données|datos|dados|daten|gegevens|dati|dane|bentuk|định\s+dạng|dữ\s+liệu|"
    r"structure|estructura|estrutura|struktur|struttura|example|ejemplo|beispiel|exemple|exemplo|voorbeeld|esempio|przykład|"
    r"contoh|ví\s+dụ|arrives?|received|comes|ankommt|arrive|llega|chega|arriva|aankomt|przychodzi|diterima|nhận\s+được|zawartość)\b"
    r"(?:\s+(?:so|like\s+this|ainsi|así|assim|così|sample))?",
    re.IGNORECASE,
)
"""A label that says no more than that a payload follows."""

NUMBERS = {
    "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11,
    "zwölf": 12, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "dois": 2, "três": 3, "quatro": 4, "sete": 7, "oito": 8, "nove": 9, "dez": 10, "twee": 2, "drie": 3, "vijf": 5,
    "zes": 6, "zeven": 7, "negen": 9, "tien": 10, "due": 2, "tre": 3, "quattro": 4, "cinque": 5, "sei": 6, "sette": 7,
    "otto": 8, "dieci": 10, "dwa": 2, "trzy": 3, "cztery": 4, "pięć": 5, "sześć": 6, "dua": 2, "tiga": 3, "empat": 4,
    "lima": 5, "enam": 6, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6,
}  # fmt: skip
EVENT_WORDS = (
    r"events?|ereignisse?|événements?|évènements?|eventos?|eventi|gebeurtenissen|zdarzenia|zdarzeń|peristiwa|sự\s+kiện"
)

IN_ALL = (
    r"in\s+all|altogether|all\s+told|in\s+total|total|overall|insgesamt|au\s+total|en\s+tout|en\s+total|ao\s+todo|no\s+total|in\s+totale|"
    r"in\s+totaal|łącznie|razem|total(?:nya)?|tổng\s+cộng|итого|всего"
)
"""What says that a number is that of the whole."""
KNOWS = (
    r"(?:service|server|contract|protocol|api|dienst|serveur|servicio|servidor|serviço|servizio|serwer|máy\s+chủ)\s+"
    r"(?:knows?|documents?|understands?|kennt|versteht|connaît|conoce|conhece|conosce|kent|zna|biết)"
)
"""A service that knows so many events."""
HOW_MANY = r"how\s+many|wie\s+viele|combien\s+d['’e]\s*|cuántos|quantos|quanti|hoeveel|ile|berapa|bao\s+nhiêu|có\s+mấy"
EACH = r"(?:per|a|an|each|every|pro|je|par|por|al|mỗi)\s+\w+|in\s+(?:a|an|one|\d+)"
OBSERVED = re.compile(
    r"\b(?:saw|seen|lost|received|logged|captured|recorded|dropped|counted|sent|replayed|buffered|queued|during|within|after|"
    r"per|second|minute|hour|day|week|verloren|empfangen|perdus?|recibid\w+|last)\b",
    re.IGNORECASE,
)
"""What tells of events that happened, and not of those that there are."""

AT_MOST = (
    r"at\s+most|no\s+more\s+than|not\s+more\s+than|up\s+to|max(?:imum|\.)?(?:\s+of)?|höchstens|maximal|bis\s+zu|au\s+plus|"
    r"au\s+maximum|jusqu['’]à|como\s+máximo|hasta|máximo(?:\s+de)?|no\s+máximo|até|hoogstens|maximaal|tot|al\s+massimo|massimo|fino\s+a|"
    r"najwyżej|maksymalnie|do|paling\s+banyak|maksimal|tối\s+đa|nhiều\s+nhất"
)
A_PAGE = (
    r"(?:a|per|each|pro|je|par|por|per|na|mỗi)\s+(?:page|seite|página|pagina|stronę|halaman|trang)|/\s*page|`limit`"
)

PLANNED = re.compile(
    r"(?:the\s+|original\s+|old\s+)?(?:guide|docs?|documentation|documented|spec(?:ification)?|original|expected|planned|design)s?"
    r"(?:\s+(?:says?|said|v?\d[\d.]*))?"
)
BUILT = re.compile(
    r"(?:in\s+|the\s+|as\s+)*(?:production|actual(?:ly)?|code|implementation|implemented|built|deployed|reality|today|service)"
    r"(?:\s+\w+)?"
)
"""The heads of two columns of which one tells what was meant and the other what is."""

FURTHER = re.compile(
    r"\b(?:additional(?:ly)?|further|besides|own|private|in\s+addition|also|dedicated)\b|"
    r"\b(?:another|second|separate|extra)\s+(?:\w+\s+)?(?:rooms?|channels?|one)\b",
    re.IGNORECASE,
)
"""What is said of a room beside the one of the contracts."""
