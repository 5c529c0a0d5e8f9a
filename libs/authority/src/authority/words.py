"""What is said to people whose authority is asked about: in Vietnamese and English, with what to do."""

from functools import partial
from types import MappingProxyType

from common.errors import Sentences, filled

SENTENCES: Sentences = MappingProxyType(
    {
        "person-unknown": (
            "Tài khoản đăng nhập này hôm nay chưa gắn với ai trong danh bạ. Đề nghị quản trị trang gắn tài khoản với hồ sơ của bạn.",
            "This sign-in belongs to nobody in the directory today. Ask the administrator of your site to link it to your entry.",
        ),
        "other-site": (
            "Phiên đăng nhập này chỉ dùng cho trang {site}. Đăng nhập lại cho trang cần làm việc.",
            "This token is for the site {site} only. Sign in for the site you want to work on.",
        ),
        "site-not-open": (
            "Trang không hoạt động vào ngày này. Kiểm tra lại ngày và trang đã chọn.",
            "The site is not open on this day. Check the day and the site you chose.",
        ),
        "site-succeeded": (
            "Trang không hoạt động vào ngày này. Công việc của trang tiếp tục tại {successor}.",
            "The site is not open on this day. Its work goes on at {successor}.",
        ),
        "authority-not-ready": (
            "Thông tin về thẩm quyền chưa được nạp xong. Thử lại sau giây lát.",
            "Who may do what is not loaded here yet. Try again.",
        ),
        "loaded": (
            "Đã nạp {people} người, {sites} trang.",
            "{people} people and {sites} sites are loaded.",
        ),
        "directory-behind": (
            "Nơi này chưa nhận được thông tin mới nhất của danh bạ nên chưa xác định được thẩm quyền của bạn. Thử lại sau giây lát.",
            "This service has not heard the latest of the directory, so it cannot say whether you may do this. Try again.",
        ),
        "not-a-circumstance": (
            "Ghi tình tiết theo dạng tên:giá trị, ví dụ sensitivity:sensitive.",
            "Give a circumstance as name:value, such as sensitivity:sensitive.",
        ),
    }
)

say = partial(filled, SENTENCES)
"""The sentence of that name, filled in with values of ours."""
