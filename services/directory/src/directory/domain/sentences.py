"""The sentences of the directory's refusals: each in Vietnamese and English, with what to do."""

from types import MappingProxyType

from common.errors import Sentences

SENTENCES: Sentences = MappingProxyType(
    {
        # -- what is not there ---------------------------------------------------------------------
        "agency-unknown": (
            "Không có cơ quan nào mang mã này. Xem lại danh sách cơ quan.",
            "There is no agency with this id. Look at the list of agencies.",
        ),
        "site-unknown": (
            "Không có trang nào mang mã này. Xem lại danh sách trang.",
            "There is no site with this id. Look at the list of sites.",
        ),
        "board-unknown": (
            "Không có Ban Biên tập nào mang mã này. Xem trang của Ban để biết các Ban Biên tập.",
            "There is no board with this id. The page of its site names its boards.",
        ),
        "person-unknown": (
            "Danh bạ không có ai mang mã này. Xem lại danh sách nhân sự.",
            "Nobody in the directory has this id. Look at the list of people.",
        ),
        "position-unknown": (
            "Người này không có chức vụ nào mang mã này. Xem các chức vụ của người đó.",
            "This person has no position with this id. Look at the positions they hold.",
        ),
        "delegation-unknown": (
            "Không có giấy uỷ quyền nào mang mã này. Xem lại danh sách uỷ quyền.",
            "There is no delegation with this id. Look at the list of delegations.",
        ),
        "unit-unknown": (
            "Không có đơn vị hành chính nào mang mã này. Xem lại danh sách đơn vị.",
            "There is no administrative unit with this id. Look at the list of units.",
        ),
        "calendar-unknown": (
            "Không có lịch làm việc nào mang mã này. Quản trị viên phải ban hành lịch trước.",
            "There is no calendar with this id. An administrator adopts one first.",
        ),
        "notice-unknown": (
            "Lịch này không có thông báo nào mang mã này. Xem các thông báo của lịch.",
            "This calendar has no notice with this id. Look at the notices of the calendar.",
        ),
        "closure-unknown": (
            "Nơi này không có đợt nghỉ nào mang mã này. Xem các đợt nghỉ của nơi đó.",
            "This place has no closure with this id. Look at the closures of the place.",
        ),
        "import-unknown": (
            "Bạn không có lần nhập nào mang mã này. Xem lại danh sách các lần nhập của bạn.",
            "You have no import with this id. Look at the list of your imports.",
        ),
        "item-unknown": (
            "Danh bạ không có {kind} nào mang mã này. Kiểm tra lại mã.",
            "The directory has no {kind} with this id. Check the id.",
        ),
        "rule-unknown": (
            "Không có quy chế hoặc loại trang mang tên này. Các quy chế: {profiles}. Các loại trang: {kinds}.",
            "No regulation or kind of site has this name. Regulations: {profiles}. Kinds of site: {kinds}.",
        ),
        "code-free": (
            "Không có {level} nào mang mã số này vào ngày {day}. Kiểm tra lại mã số hoặc chọn ngày khác.",
            "No {level} holds this code on {day}. Check the code, or ask for another day.",
        ),
        "not-then": (
            "Vào ngày {day} chưa có hoặc không còn mục này. Chọn một ngày trong thời gian hiệu lực.",
            "It did not exist on {day}. Choose a day on which it did.",
        ),
        # -- ids that are used -------------------------------------------------------------------
        "agency-exists": (
            "Mã này đã thuộc về một cơ quan và không dùng lại. Chọn mã khác.",
            "An agency has this id already; ids are never used again. Choose another one.",
        ),
        "site-exists": (
            "Mã này đã thuộc về một trang và không dùng lại. Chọn mã khác.",
            "A site has this id already; ids are never used again. Choose another one.",
        ),
        "board-exists": (
            "Mã này đã thuộc về một Ban Biên tập và không dùng lại. Chọn mã khác.",
            "A board has this id already; ids are never used again. Choose another one.",
        ),
        "person-exists": (
            "Mã này đã thuộc về một người và không dùng lại. Chọn mã khác.",
            "Somebody has this id already; ids are never used again. Choose another one.",
        ),
        "position-exists": (
            "Mã này đã thuộc về một chức vụ và không dùng lại. Chọn mã khác.",
            "A position has this id already; ids are never used again. Choose another one.",
        ),
        "delegation-exists": (
            "Mã này đã thuộc về một giấy uỷ quyền và không dùng lại. Chọn mã khác.",
            "A delegation has this id already; ids are never used again. Choose another one.",
        ),
        "unit-exists": (
            "Mã này đã thuộc về một đơn vị hành chính và không dùng lại. Chọn mã khác.",
            "A unit has this id already; ids are never used again. Choose another one.",
        ),
        "calendar-exists": (
            "Lịch này đã được ban hành. Thay đổi ngày nghỉ bằng một thông báo chính thức.",
            "This calendar was adopted already. Change its days by an official notice.",
        ),
        "notice-exists": (
            "Lịch đã có một thông báo mang mã này. Chọn mã khác.",
            "The calendar has a notice with this id already. Choose another one.",
        ),
        "closure-exists": (
            "Nơi này đã có một đợt nghỉ mang mã này. Chọn mã khác.",
            "The place has a closure with this id already. Choose another one.",
        ),
        "agency-attribute-taken": (
            "Cơ quan khác đang giữ hoặc đã từng giữ giá trị này. Tên miền và mã định danh không dùng lại; nhập giá trị khác.",
            "Another agency has or had this. Domain names and codes are never used again; enter another one.",
        ),
        "domain-taken": (
            "Trang khác đang giữ hoặc đã từng giữ tên miền này. Chọn tên miền khác.",
            "Another site has or had this domain name. Choose another one.",
        ),
        "sign-in-taken": (
            "Tài khoản đăng nhập này đã gắn với một người. Gỡ tài khoản khỏi người đó trước.",
            "This sign-in belongs to somebody. Unlink it there first.",
        ),
        "position-id-taken": (
            "Mã này đã thuộc về một chức vụ khác. Chọn mã khác.",
            "Another position has this id. Choose another one.",
        ),
        # -- values and days ---------------------------------------------------------------------
        "days-end-first": (
            "Ngày hết hiệu lực là ngày đầu tiên không còn hiệu lực, nên phải sau ngày bắt đầu.",
            "The end is the first day after the last one; name a day later than the beginning.",
        ),
        "ends-before-it-begins": (
            "Ngày kết thúc phải sau ngày bắt đầu. Chọn ngày muộn hơn.",
            "The end must come after the beginning. Name a later day.",
        ),
        "outside-its-days": (
            "Vào ngày {day} chưa có hoặc không còn mục này. Chọn một ngày trong thời gian hiệu lực.",
            "It does not exist on {day}. Name a day on which it does.",
        ),
        "position-not-held": (
            "Vào ngày {day} chức vụ này không có người giữ. Chọn một ngày trong thời gian giữ chức vụ.",
            "The position is not held on {day}. Name a day on which it is.",
        ),
        "nothing-to-change": (
            "Chưa có thay đổi nào. Nhập ít nhất một mục cần thay đổi.",
            "Nothing is changed. Name at least one attribute to change.",
        ),
        "overlapping-change": (
            "Trong thời gian từ ngày {start} đến trước ngày {end}, {names} đã được ghi giá trị khác. Chọn thời gian không trùng với thời gian đó.",
            "From {start} until {end} another value is recorded for {names}. Choose days that do not meet these.",
        ),
        "later-change": (
            "Đã có thay đổi muộn hơn về {names}. Thay đổi phải được ghi theo thứ tự thời gian; chọn ngày sau thay đổi đó.",
            "A later change of {names} is recorded already. History is told forwards: name a day after it.",
        ),
        "already-ended": (
            "Ngày kết thúc đã được ghi là {day}. Kiểm tra lại ngày.",
            "Its end is recorded already: {day}. Check the day.",
        ),
        "not-longer": (
            "Mục này kết thúc vào ngày {day} và không kéo dài được. Thời gian sau đó cần một quyết định mới.",
            "It ends on {day} and cannot be prolonged. The time after that takes a new decision.",
        ),
        "behind.profile": (
            "Không thể đổi quy chế áp dụng cho những ngày trước hôm nay ({today}), vì việc đã làm những ngày đó lấy quy chế cũ làm căn cứ. Cho hiệu lực từ hôm nay và nêu văn bản ghi rõ áp dụng từ khi nào.",
            "The regulation profile cannot change for days before today ({today}): acts of those days were proved by it. Let it hold from today on, and name the document that says since when.",
        ),
        "behind.board": (
            "Không thể giải thể Ban Biên tập từ một ngày trước hôm nay ({today}), vì việc đã làm những ngày đó lấy Ban làm căn cứ. Cho hiệu lực từ hôm nay và nêu văn bản ghi rõ giải thể từ khi nào.",
            "A board cannot be dissolved from a day before today ({today}): acts of those days were proved by it. Let it end from today on, and name the document that says since when.",
        ),
        "behind.position": (
            "Không thể thay đổi chức vụ cho những ngày trước hôm nay ({today}), vì việc đã làm những ngày đó lấy chức vụ này làm căn cứ. Cho hiệu lực từ hôm nay và nêu văn bản ghi rõ áp dụng từ khi nào.",
            "A position cannot change for days before today ({today}): acts of those days were proved by it. Let it hold from today on, and name the document that says since when.",
        ),
        "behind.site": (
            "Không thể đóng trang còn người giữ chức vụ từ một ngày trước hôm nay ({today}), vì việc đã làm những ngày đó lấy các chức vụ này làm căn cứ. Đóng từ hôm nay và nêu văn bản ghi rõ đóng từ khi nào.",
            "A site where positions are held cannot close on a day before today ({today}): acts of those days were proved by them. Close it from today on, and name the document that says since when.",
        ),
        "revoked-behind": (
            "Việc đã làm đến lúc này lấy giấy uỷ quyền làm căn cứ. Chọn thời điểm thu hồi là bây giờ hoặc muộn hơn.",
            "Acts done until now were proved by it. Name this moment or a later one.",
        ),
        "content-invalid": (
            "Một số mục chưa đúng quy định. Sửa từng mục được nêu rồi gửi lại.",
            "Some fields break a rule. Mend each that is named and send it again.",
        ),
        # -- texts and names ---------------------------------------------------------------------
        "text-damaged": (
            "Văn bản bị lỗi: {found}. Dùng văn bản được đề xuất, hoặc gõ lại.",
            "The text is damaged: {found}. Use the proposed one, or type it anew.",
        ),
        "text-unprintable": (
            "Văn bản có ký tự điều khiển, hoặc có khoảng trắng ở đầu hay cuối. Bỏ các ký tự này.",
            "The text has control characters, or blanks around it. Leave them out.",
        ),
        "text-loose-mark": (
            "Văn bản có dấu không thuộc chữ tiếng Việt nào. Gõ lại.",
            "A mark belongs to no Vietnamese letter. Type it anew.",
        ),
        "text-not-latin": (
            "Văn bản có chữ không thuộc bảng chữ cái Latinh, có thể trông giống chữ Latinh. Gõ lại bằng bàn phím tiếng Việt.",
            "A letter is of another script, or only looks Latin. Type it anew.",
        ),
        "host-not-ascii": (
            "Tên miền chỉ dùng chữ từ a đến z, chữ số và dấu gạch nối, không dùng bảng chữ cái khác.",
            "Use the letters a to z, digits and hyphens only: no name in another alphabet.",
        ),
        "host-against-the-rule": (
            "Tên miền không đúng {place}. Xem lời văn của điều đó và sửa tên miền.",
            "The domain name breaks {place}. Read the words of the article and mend the name.",
        ),
        "host-proposed": (
            "Tên miền không đúng {place}. Theo điều đó, tên miền là {proposed}.",
            "The domain name breaks {place}. The article gives {proposed}.",
        ),
        # -- agencies and their succession --------------------------------------------------------
        "agency-own-parent": (
            "Cơ quan không thể là cấp trên của chính mình. Chọn cơ quan khác.",
            "An agency cannot belong to itself. Choose another one.",
        ),
        "agency-not-there": (
            "Vào ngày {day} không có cơ quan {agency}. Ghi cơ quan này vào danh bạ trước, hoặc chọn cơ quan khác.",
            "No agency {agency} exists on {day}. Register it first, or choose another one.",
        ),
        "agency-not-registered": (
            "Danh bạ không có cơ quan {agency}. Ghi cơ quan này vào danh bạ trước.",
            "There is no agency {agency} in the directory. Register it first.",
        ),
        "agency-circle": (
            "Từ ngày {day}, {parent} lại thuộc chính cơ quan này. Chọn cơ quan cấp trên khác.",
            "{parent} belongs to it itself on {day}. Name another parent.",
        ),
        "successor-ends-first": (
            "{agency} kết thúc vào ngày {day} nên không thể tiếp nhận. Chọn cơ quan còn hoạt động sau ngày đó.",
            "{agency} ends on {day} and cannot take over. Name one that lasts longer.",
        ),
        "already-succeeded": (
            "Việc chuyển giao của {id} đã được ghi. Xem lịch sử của {id}.",
            "The succession of {id} is recorded already. Look at its history.",
        ),
        "ends-on-another-day": (
            "{agency} kết thúc vào ngày {day}. Việc chuyển giao phải bắt đầu đúng ngày đó.",
            "{agency} ends on {day}. The succession must begin that day.",
        ),
        "not-yet-there": (
            "{agency} bắt đầu từ ngày {day}. Chọn ngày chuyển giao sau ngày đó.",
            "{agency} begins on {day}. Let the succession begin after that day.",
        ),
        "agency-inherits-later": (
            "Ngày {day}, cơ quan này tiếp nhận việc của {predecessors}. Chọn ngày kết thúc sau ngày đó.",
            "On {day} it takes over from {predecessors}. End it after that day.",
        ),
        "succeeds-itself": (
            "Không thể tự kế thừa chính mình. Chọn bên kế thừa khác.",
            "Nothing can succeed itself. Name another successor.",
        ),
        "named-twice": (
            "Mỗi cơ quan chỉ được nêu một lần. Bỏ phần lặp lại.",
            "Name every agency once only.",
        ),
        "too-few": (
            "{kind}: cần nêu thêm bên trước hoặc bên kế thừa.",
            "A {kind} needs more on one of its sides. Name them.",
        ),
        "begins-with-one": (
            "{kind}: chỉ nêu một bên trước.",
            "A {kind} begins with one. Name one predecessor.",
        ),
        "ends-in-one": (
            "{kind}: chỉ nêu một bên kế thừa.",
            "A {kind} ends in one. Name one successor.",
        ),
        # -- sites ------------------------------------------------------------------------------------
        "site-not-there": (
            "Vào ngày {day} không có trang {site}. Mở trang này trước, hoặc chọn trang khác.",
            "No site {site} exists on {day}. Open it first, or choose another one.",
        ),
        "site-ends": (
            "Trang {site} kết thúc vào ngày {day}. Nhập ngày hết hiệu lực không muộn hơn ngày đó.",
            "The site {site} ends on {day}. Name an end by then.",
        ),
        "already-closed": (
            "Việc đóng trang vào ngày {day} đã được ghi. Kiểm tra lại ngày và trang kế thừa.",
            "Its closing on {day} is recorded already. Check the day and the successor.",
        ),
        "site-inherits-later": (
            "Từ ngày {day}, trang này thay cho trang {predecessor}. Đóng sau ngày đó, hoặc chọn trang kế thừa khác cho trang kia trước.",
            "From {day} on it stands for {predecessor}. Close it after that day, or name another successor there first.",
        ),
        "site-succeeds-itself": (
            "Trang không thể kế thừa chính mình. Chọn trang khác, hoặc để trống.",
            "A site cannot succeed itself. Name another one, or none.",
        ),
        "parent-not-there": (
            "Vào ngày {day} không có trang cấp trên này. Mở trang cấp trên trước, hoặc chọn trang khác.",
            "This parent does not exist on {day}. Open it first, or choose another one.",
        ),
        "parent-not-higher": (
            "Loại “{kind}” chỉ trực thuộc một trong các loại: {higher}. Chọn trang cấp trên thuộc loại đó.",
            "A site of the kind {kind} belongs to one of: {higher}. Choose such a parent.",
        ),
        "no-parent-above": (
            "Loại “{kind}” đứng cao nhất nên không có trang cấp trên. Để trống mục này.",
            "A site of the kind {kind} stands at the top. Leave the parent out.",
        ),
        "parent-ends": (
            "Trang cấp trên kết thúc vào ngày {day}. Chọn ngày hết hiệu lực sớm hơn, hoặc chọn trang kế thừa của trang đó.",
            "The parent ends on {day}. Name an earlier end, or the site that follows the parent.",
        ),
        "profile-unknown": (
            "Không có quy chế này. Chọn một trong: {known}.",
            "There is no such regulation profile. Take one of {known}.",
        ),
        "children-open": (
            "Ngày đó vẫn còn trang trực thuộc ({sites}). Nêu trang kế thừa, hoặc chuyển các trang này trước.",
            "Sites belong to it then ({sites}). Name a successor, or move them first.",
        ),
        # -- boards -----------------------------------------------------------------------------------
        "board-not-there": (
            "Vào ngày {day} không có Ban Biên tập {board}. Thành lập Ban trước, hoặc chọn Ban khác.",
            "No board {board} exists on {day}. Form it first, or choose another one.",
        ),
        "board-not-here": (
            "Vào ngày {day} trang {site} không có Ban Biên tập {board}. Thành lập Ban trước, hoặc chọn Ban khác.",
            "The site {site} has no board {board} on {day}. Form it first, or choose another one.",
        ),
        "board-elsewhere": (
            "Ban Biên tập này thuộc trang {site}. Chọn Ban của trang nơi giữ chức vụ.",
            "That board works for the site {site}. Choose a board of the site of the position.",
        ),
        "board-ends": (
            "Ban Biên tập kết thúc vào ngày {day}. Nhập ngày hết hiệu lực không muộn hơn ngày đó.",
            "The board ends on {day}. Name an end by then.",
        ),
        # -- people and positions ------------------------------------------------------------------------
        "entry-ends": (
            "Hồ sơ của người này có hiệu lực từ ngày {start} đến trước ngày {end}. Chọn thời gian nằm trong đó.",
            "The person's entry holds from {start} until {end}. Stay inside of that.",
        ),
        "entry-begins": (
            "Hồ sơ của người này có hiệu lực từ ngày {start}. Chọn ngày bắt đầu không sớm hơn.",
            "The person's entry holds from {start} on. Begin no earlier.",
        ),
        "role-unknown": (
            "Không quy chế nào có chức danh này. Chọn một trong các chức danh ở `roles`.",
            "No regulation profile knows this role. Take one of those in `roles`.",
        ),
        "role-unknown-near": (
            "Không quy chế nào có chức danh này. Có phải ý bạn là: {near}?",
            "No regulation profile knows this role. Did you mean {near}?",
        ),
        "role-and-place": (
            "Chức danh {role} chỉ giữ tại {place} (toàn hệ thống), và tại đó không có chức danh nào khác. Sửa chức danh hoặc nơi giữ.",
            "The role {role} is held at {place} (the whole installation), and no other is. Change the role or the place.",
        ),
        "held-already": (
            "Người này đã giữ chức vụ này tại đây ({position}) từ ngày {start} đến trước ngày {end}. Cho chức vụ đó kết thúc, hoặc để chức vụ mới bắt đầu từ ngày đó.",
            "They hold this role at this place already ({position}), from {start} until {end}. End it, or let the new one begin when it ends.",
        ),
        "held-on": (
            "Người này đã giữ chức vụ này tại đây ({position}) từ ngày {start}, chưa ghi ngày kết thúc. Cho chức vụ đó kết thúc trước.",
            "They hold this role at this place already ({position}), from {start} with no end named. End it first.",
        ),
        # -- delegations ------------------------------------------------------------------------------
        "to-oneself": (
            "Không thể uỷ quyền cho chính mình. Chọn người nhận khác.",
            "Nobody can delegate to themselves. Choose another receiver.",
        ),
        "party-unknown": (
            "Danh bạ không có hồ sơ của người này cho cả thời gian uỷ quyền. Ghi người này vào danh bạ trước, hoặc rút ngắn thời gian.",
            "No entry of the directory covers these days. Register the person first, or name fewer days.",
        ),
        "giver-without-position": (
            "Vào ngày {day} người uỷ quyền không giữ chức vụ nào. Người đang giữ thẩm quyền vào ngày đó phải là người uỷ quyền.",
            "The giver holds no position on {day}. Somebody who holds the power then must delegate.",
        ),
        "giver-left": (
            "Vào ngày {day} người uỷ quyền không giữ chức vụ nào (chức vụ cuối cùng kết thúc ngày {ended}). Người đang giữ thẩm quyền vào ngày đó phải là người uỷ quyền.",
            "The giver holds no position on {day} (the last one ended on {ended}). Somebody who holds the power then must delegate.",
        ),
        "power-ends": (
            "Thẩm quyền của người uỷ quyền về việc “{act}” tại {site} kết thúc vào ngày {day}. Cho giấy uỷ quyền kết thúc không muộn hơn ngày đó. Căn cứ: {place}.",
            "The giver's own power to {act} on {site} ends on {day}. Let the delegation end by then. It follows {place}.",
        ),
        "power-not-theirs": (
            "Từ ngày {day}, người uỷ quyền không được giao lại việc “{act}” tại {site}. Bỏ việc này khỏi giấy uỷ quyền, hoặc để người có thẩm quyền uỷ quyền. Căn cứ: {place} (quy tắc {rule}).",
            "The giver may not pass on {act} on {site} from {day}. Leave the act out, or let somebody who holds the power delegate. It follows {place} (rule {rule}).",
        ),
        # -- administrative units -------------------------------------------------------------------------
        "unit-changes-later": (
            "Đã ghi một thay đổi vào ngày đó hoặc muộn hơn. Chọn ngày kết thúc sau thay đổi cuối cùng.",
            "A change is recorded for that day or a later one. End it after its last change.",
        ),
        "parts-outlive-it": (
            "Ngày đó vẫn còn đơn vị trực thuộc. Kết thúc hoặc chuyển các đơn vị này trước.",
            "Units that belong to it are still there on that day. End or move them first.",
        ),
        "unit-not-ended-then": (
            "{unit} không kết thúc vào ngày {day}. Ghi việc kết thúc đơn vị này trước.",
            "{unit} does not end on {day}. End it first.",
        ),
        "unit-successor-not-there": (
            "Vào ngày {day} không có {unit}. Ghi đơn vị này vào danh bạ trước.",
            "{unit} does not exist on {day}. Register it first.",
        ),
        "unit-kind": (
            "Loại của {level} là một trong: {kinds}. Chọn lại.",
            "The kind of a {level} is one of {kinds}. Choose again.",
        ),
        "unit-digits": (
            "Mã số của {level} có {digits} chữ số. Nhập lại.",
            "The code of a {level} has {digits} digits. Enter it again.",
        ),
        "unit-parent-missing": (
            "Cần nêu đơn vị cấp trên của {level}.",
            "A {level} belongs to a unit of a higher level. Name it.",
        ),
        "unit-parent-not-there": (
            "Vào ngày {day} không có đơn vị {unit}. Ghi đơn vị này vào danh bạ trước, hoặc chọn đơn vị khác.",
            "No unit {unit} exists on {day}. Register it first, or choose another one.",
        ),
        "unit-parent-not-higher": (
            "Một {level} không thể trực thuộc một {parent}. Chọn đơn vị cấp cao hơn.",
            "A {level} cannot belong to a {parent}. Choose a unit of a higher level.",
        ),
        "unit-parent-ends": (
            "Đơn vị {unit} kết thúc vào ngày {day}, nên đơn vị trực thuộc phải kết thúc không muộn hơn ngày đó.",
            "{unit} ends on {day}; let its parts end by then.",
        ),
        "code-held": (
            "{unit} mang mã số {code} đến trước ngày {day}. Kết thúc đơn vị đó trước, hoặc chọn lại ngày bắt đầu.",
            "{unit} holds the code {code} until {day}. End that unit first, or choose another first day.",
        ),
        "code-held-on": (
            "{unit} đang mang mã số {code}, chưa ghi ngày kết thúc. Kết thúc đơn vị đó trước, hoặc chọn lại ngày bắt đầu.",
            "{unit} holds the code {code} with no end known. End that unit first, or choose another first day.",
        ),
        # -- calendars, notices, closures ---------------------------------------------------------------
        "calendar-faulty": (
            "Các ngày chưa khớp nhau. Sửa từng chỗ được nêu.",
            "The days do not fit together. Mend each place that is named.",
        ),
        "notice-withdrawn": (
            "Thông báo đã được thu hồi. Ban hành thông báo mới.",
            "The notice was withdrawn. Give a new one.",
        ),
        "notice-needed": (
            "Có thông báo sau đó dựa vào thông báo này. Thu hồi các thông báo sau trước.",
            "Later notices build on it. Withdraw those first.",
        ),
        "closure-days": (
            "Ngày đi làm lại phải sau ngày bắt đầu nghỉ từ 1 đến {most} ngày.",
            "The first day of work comes 1 to {most} days after the first day off.",
        ),
        "span-of-days": (
            "Chọn ngày cuối sau ngày đầu từ 1 đến {most} ngày.",
            "Choose an end 1 to {most} days after the start.",
        ),
        "closure-overlaps": (
            "Đợt nghỉ {other} đã gồm một phần những ngày này. Chọn ngày khác, hoặc huỷ đợt nghỉ đó trước.",
            "The closure {other} has some of these days already. Choose other days, or cancel it first.",
        ),
        "closure-not-within": (
            "Chọn một ngày từ {start} đến trước ngày {end}.",
            "Choose a day from {start} to the day before {end}.",
        ),
        "day-gone-by": (
            "Những ngày đã qua vẫn là ngày nghỉ vì thời hạn đã được tính theo đó. Huỷ từ hôm nay trở đi.",
            "Days that are over stay days off: limits were counted with them. Cancel from today on.",
        ),
        "closure-cancelled": (
            "Đợt nghỉ đã được huỷ. Không cần làm gì thêm.",
            "The closure was cancelled already. Nothing is left to do.",
        ),
        # -- acting ------------------------------------------------------------------------------------
        "version-changed": (
            "Trong lúc đó đã có người khác thay đổi mục này. Tải lại, xem thay đổi đó, rồi làm lại.",
            "Somebody changed it meanwhile. Load it again, look at the change, and repeat.",
        ),
        "not-for-oneself": (
            "Không ai được tự giao quyền cho mình. Quản trị viên khác phải ghi việc này.",
            "Nobody gives power to themselves. Another administrator must enter this.",
        ),
        "other-site": (
            "Phiên đăng nhập này chỉ dùng cho trang {site}. Đăng nhập lại cho trang cần làm việc.",
            "This token is for the site {site} only. Sign in for the site you want to work on.",
        ),
        "nobody-of-the-directory": (
            "Tài khoản đăng nhập này chưa gắn với ai trong danh bạ. Đề nghị quản trị viên gắn tài khoản với hồ sơ của bạn.",
            "This sign-in belongs to nobody in the directory. Ask an administrator to link it to your entry.",
        ),
        "nobody-yet": (
            "Tài khoản đăng nhập này chưa gắn với ai trong danh bạ. Đề nghị quản trị viên gắn tài khoản với hồ sơ của bạn. Khi hệ thống chưa có quản trị viên nào, mã truy cập có phạm vi {scope} được dùng để bắt đầu.",
            "This sign-in belongs to nobody in the directory. Ask an administrator to link it to your entry. While nobody administers the installation, a token with the scope {scope} begins it.",
        ),
        # -- imports --------------------------------------------------------------------------------------
        "imports-busy": (
            "Đang có hai lần nhập khác được xử lý. Chờ một lần nhập xong rồi gửi lại.",
            "Two imports are under way. Wait for one to end, then send the file again.",
        ),
        "import-kind": (
            "Không có loại danh sách này. Chọn một trong: {kinds}.",
            "There is no such kind of import. Choose one of {kinds}.",
        ),
        "file-too-large": (
            "Tệp vượt quá {most} byte. Chia thành nhiều tệp nhỏ hơn.",
            "The file has more than {most} bytes. Send it in parts.",
        ),
        "file-swollen": (
            "Bảng tính giải nén ra lớn hơn nhiều so với một danh sách. Lưu lại thành tệp .xlsx mới, hoặc gửi CSV.",
            "The workbook unpacks to far more than a table needs. Save it anew as .xlsx, or send CSV.",
        ),
        "file-empty": (
            "Tệp không có nội dung. Chọn tệp khác.",
            "The file holds nothing. Choose another one.",
        ),
        "no-rows": (
            "Không có dòng nào dưới dòng tiêu đề. Điền danh sách rồi gửi lại.",
            "There is no row under the header. Fill in the table and send it again.",
        ),
        "no-sheet": (
            "Bảng tính không có trang nào. Chọn tệp khác.",
            "The workbook has no sheet. Choose another file.",
        ),
        "old-workbook": (
            "Đây là tệp Excel kiểu cũ hoặc có mật khẩu. Lưu lại thành .xlsx không có mật khẩu.",
            "This is an old or encrypted Excel file. Save it as .xlsx without a password.",
        ),
        "no-table": (
            "Tệp không phải văn bản, cũng không phải bảng tính. Gửi tệp CSV hoặc .xlsx.",
            "It is neither text nor a spreadsheet. Send CSV or .xlsx.",
        ),
        "no-workbook": (
            "Tệp không phải bảng tính .xlsx. Gửi tệp CSV hoặc .xlsx.",
            "It is no .xlsx workbook. Send CSV or .xlsx.",
        ),
        "workbook-broken": (
            "Không đọc được bảng tính. Mở tệp, lưu lại rồi gửi lại.",
            "The workbook cannot be read. Open it, save it again, and send that.",
        ),
        "workbook-entities": (
            "Bảng tính có khai báo thực thể XML, không được nhận. Mở bằng Excel, lưu lại rồi gửi lại.",
            "The workbook declares XML entities, which are not taken. Save it again with Excel.",
        ),
        "csv-broken": (
            "Dòng {line} không đúng dạng CSV. Kiểm tra các dấu ngoặc kép ở dòng đó.",
            "Line {line} is no CSV. Look at its quotation marks.",
        ),
        "json-broken": (
            "Tệp không phải JSON. Kiểm tra các dấu ngoặc.",
            "The file is no JSON. Look at its brackets.",
        ),
        "json-too-deep": (
            "Các dấu ngoặc lồng nhau quá {most} lớp. Gửi tệp đơn giản hơn.",
            "Brackets stand inside one another more than {most} deep. Send a plainer file.",
        ),
        "encoding-belied": (
            "Tệp ghi là {encoding} nhưng nội dung không đúng mã đó. Lưu lại thành “CSV UTF-8”, hoặc thành .xlsx.",
            "The file says {encoding} and is not. Save it as “CSV UTF-8”, or as .xlsx.",
        ),
        "encoding-unknown": (
            "Tệp không phải mã UTF-8 từ byte thứ {start} ({found}). Lưu lại thành “CSV UTF-8”, hoặc thành .xlsx.",
            "It is not UTF-8 from byte {start} on ({found}). Save it as “CSV UTF-8”, or as .xlsx.",
        ),
        "too-many-rows": (
            "Danh sách có quá {most} dòng. Chia thành nhiều tệp.",
            "The table has more than {most} rows. Send it in parts.",
        ),
        "too-many-columns": (
            "Danh sách có quá {most} cột. Bỏ bớt cột.",
            "The table has more than {most} columns. Remove some.",
        ),
        "columns-unknown": (
            "Các cột của danh sách chưa đúng. Danh sách này gồm các cột: {names}.",
            "The columns do not fit. The columns of this import are {names}.",
        ),
        "column-twice": (
            "Cột này xuất hiện hai lần. Bỏ một cột.",
            "This column stands twice. Remove one of them.",
        ),
        "column-missing": (
            "Thiếu cột này. Thêm một cột mang một trong các tên: {names}.",
            "This column is missing. Add one named one of {names}.",
        ),
        "column-strange": (
            "Danh sách này không có cột như vậy. Bỏ cột này.",
            "This import has no such column. Remove it.",
        ),
        "cell-without-header": (
            "Ô này không nằm dưới tiêu đề nào. Xoá nội dung của ô.",
            "This cell stands under no header. Empty it.",
        ),
        "cell-missing": (
            "Ô này bắt buộc. Điền nội dung.",
            "This cell is required. Fill it in.",
        ),
        "cell-formula": (
            "Ô này là công thức. Dán dưới dạng giá trị; không ô nào bắt đầu bằng = hoặc @.",
            "A formula is no value. Paste it as a value; no cell begins with = or @.",
        ),
        "cell-became-date": (
            "Bảng tính đã tự đổi ô này thành ngày. Định dạng cột là văn bản rồi gõ lại.",
            "The spreadsheet made a date of this. Format the column as text and type it again.",
        ),
        "cell-too-long": (
            "Ô này dài quá {most} ký tự. Rút ngắn nội dung.",
            "This cell has more than {most} characters. Shorten it.",
        ),
        "cell-hidden-signs": (
            "Ô này có ký tự không nhìn thấy. Gõ lại.",
            "This cell has signs that cannot be seen. Type it again.",
        ),
        "cell-damaged": (
            "Văn bản bị lỗi: {found}. Có thể nội dung đúng là: {proposal}",
            "The text is damaged: {found}. It may have been: {proposal}",
        ),
        "cell-no-number": (
            "Nhập một số nguyên.",
            "Write a whole number.",
        ),
        "cell-no-day": (
            "Nhập ngày theo dạng 01/07/2025 hoặc 2025-07-01.",
            "Write the day as 01/07/2025 or 2025-07-01.",
        ),
        "cell-no-flag": (
            "Nhập có hoặc không.",
            "Write yes or no (true, false).",
        ),
        "row-cells": (
            "Một số ô chưa đúng. Sửa từng ô được nêu; các điều kiện khác của dòng chưa được kiểm tra.",
            "Some cells do not fit. Mend each that is named; the rest of the row was not looked at.",
        ),
        "row-invalid": (
            "Dòng có giá trị chưa đúng quy định. Sửa từng mục được nêu.",
            "A value of the row breaks a rule. Mend each that is named.",
        ),
        "row-twice": (
            "Dòng {row} đã mang mã này. Giữ lại một trong hai dòng.",
            "Row {row} has this id already. Keep one of them.",
        ),
        "row-circle": (
            "Các dòng dẫn chiếu vòng tròn lẫn nhau. Bỏ một trong các dẫn chiếu.",
            "Rows name one another in a circle. Take one of the references out.",
        ),
        # -- maps ----------------------------------------------------------------------------------------
        "maps-invalid": (
            "Tệp chưa đúng dạng của bản đồ hành chính. Sửa từng chỗ được nêu.",
            "The file is not as an import of maps wants it. Mend each place that is named.",
        ),
        "maps-loose-ends": (
            "Các bản đồ và việc sắp xếp chưa khớp nhau. Sửa từng chỗ được nêu.",
            "The maps and the reform do not fit together. Mend each place that is named.",
        ),
        "maps-too-many": (
            "Hai bản đồ có tổng cộng quá {most} đơn vị. Chia thành nhiều tệp.",
            "The two maps have more than {most} units. Send them in parts.",
        ),
        "maps-open-end": (
            "Chưa rõ các tỉnh {codes} thành tỉnh nào. Bổ sung vào phần sắp xếp.",
            "What became of {codes} is not said. Add it to the reform.",
        ),
        "maps-unborn": (
            "Chưa rõ các tỉnh {codes} hình thành từ đâu. Bổ sung vào phần sắp xếp.",
            "Where {codes} come from is not said. Add it to the reform.",
        ),
        "maps-strange-codes": (
            "Không bản đồ nào có mã {codes}. Kiểm tra lại phần sắp xếp.",
            "No map has the codes {codes}. Check the reform.",
        ),
        "maps-code-twice": (
            "Mã {code} xuất hiện hai lần trong cùng một cấp. Giữ lại một.",
            "The code {code} stands twice in one level. Keep one of them.",
        ),
        "maps-no-kind": (
            "“{name}” không bắt đầu bằng tên loại của {level}. Ghi tên đầy đủ.",
            "“{name}” does not begin with the kind of a {level}. Write the full name.",
        ),
    }
)
