package intents

import "unicode"

var chinese = (&tongue{
	key: "zh", script: unicode.Han,
	senses: `
please: 能不能, 可不可以, 可以不可以, 能否, 可否, 好不好, 行不行
other: 别的, 別的
a third: 三分之一
two thirds: 三分之二
three quarters: 四分之三
half a: 半个, 半個, 半枚, 半颗, 半顆
swap: 换成, 換成, 换, 換, 兑换, 兌換, 兑换成, 兌換成, 兑成, 兑, 换为, 換為, 换到, 交换, 交換, 转换, 轉換, 转换成, 轉換成, 转换为, 换一下, 交易成, 互换, 兑换为, 变成, 转成
buy: 买, 買, 买入, 買入, 购买, 購買, 买点, 买进, 买一点, 入手
sell: 卖, 賣, 卖出, 賣出, 卖掉, 賣掉, 出售, 抛售, 清仓, 卖成
send: 发送, 發送, 发, 發, 转账, 轉帳, 轉賬, 寄, 汇, 打, 支付, 付, 送, 转, 轉
send to: 发给, 發給, 转给, 轉給, 转账给, 轉帳給, 轉賬給, 发送给, 發送給, 汇给, 打给, 付给, 支付给, 送给, 寄给, 发到, 转到, 发送到, 转账到, 打到
move: 转移, 轉移, 移动, 移動, 挪
bridge: 跨链, 跨鏈, 桥接, 橋接, 跨, 跨链转
bridge to: 跨到, 跨链到, 跨鏈到, 桥接到, 橋接到, 桥到, 桥
move to: 转回, 转移到, 轉移到, 移到, 挪到
wrap: 包装, 包裝, 封装
unwrap: 解包, 解封, 解除包装
stake: 质押, 質押
unstake: 解除质押, 解质押, 取消质押, 解除質押
lend: 存进, 存到, 存入, 存, 存款, 借出, 放贷, 供应
withdraw: 取出来, 取出, 提取, 提现, 取回, 提出
borrow: 借入, 借, 借款, 借贷
repay: 还清, 偿还, 还款, 還款, 归还, 还
approve: 授权, 授權, 批准, 允许, 允許
revoke: 撤销, 撤銷, 取消授权, 撤销授权, 收回授权, 取消授權
stop: 止损, 止盈
limit: 限价
alert: 提醒, 通知, 告诉, 告訴, 提醒我, 通知我, 告诉我, 警报
price: 价格, 價格, 价, 行情, 币价
balance: 余额, 餘額
to: 给, 給, 到, 至, 成, 为, 為, 向, 给到
for: 以换取, 换取
from: 从, 從, 自
on: 在
@on: 上, 链上, 鏈上, 网络上, 網絡上, 链, 網絡, 网络, 主网, 上的, 链上的, 里, 中
with: 用, 以, 拿, 使用
via: 通过, 通過, 经由, 经, 走
with: 和
of: 的, 价值的
worth: 价值, 等值的, 价值为
the: 把, 将, 將, 这些, 那些
my: 我的, 我們的, 我们的, 自己的, 手里的, 钱包里的
me: 我, 我们, 咱
and: 并, 並, 以及, 与, 并且
or: 或, 或者, 还是
not: 不, 不要, 别, 別, 勿, 没, 没有, 沒, 沒有, 未, 不用, 不能, 不想, 不可以, 不行, 切勿, 千万别, 无需, 禁止, 不准, 停止, 并非, 不是, 不许, 莫
min: 至少, 最少, 不少于, 不低于, 最低, 不得少于, 不得低于, 起码
no more than: 不超过, 不高于, 不得超过, 不大于, 不多于
best: 最高的, 最好, 最高, 收益最高, 最高收益
safe: 安全
max: 最多, 最大
then: 然后, 然後, 接着, 之后再, 再, 随后, 之後, 接下来, 最后
if: 如果, 若, 假如, 要是, 倘若
when: 当, 當, 一旦, 每当, 等到, 等
at: 时, 時, 的时候, 时候
all: 全部, 所有, 全, 全都, 所有的, 全部的, 一切, 统统
all but: 除了
but: 除外, 只留, 但留, 留下, 保留, 留
half: 一半, 半数, 半
quarter: 四分之一
percent: 百分比
dollars: 美元, 美金, 刀, 美刀, 美元的
euros: 元, 块, 块钱, 人民币, 欧元, 歐元, 日元
almost: 几乎, 大约, 大概, 差不多, 约
slippage: 滑点, 滑點, 滑价, 滑點為, 滑点为
below: 低于, 低於, 跌破, 跌到, 跌至, 降到, 降至, 小于, 跌穿, 少于, 下跌到, 掉到, 跌落到, 低过
above: 高于, 高於, 涨到, 漲到, 涨至, 突破, 超过, 超過, 升到, 升至, 大于, 达到, 達到, 到达, 涨破, 多于, 上涨到, 高过
@lower: 以下, 之下
@upper: 以上, 之上
drops: 下跌, 跌
rises: 上涨, 涨
gas: gas费, 矿工费, 燃料费, 瓦斯
gwei: 吉维
every: 每, 每个, 每隔, 每過
day: 天, 日
week: 周, 星期, 礼拜, 週
month: 个月, 月, 個月
hour: 小时, 小時, 个小时, 钟头, 個小時
minute: 分钟, 分鐘
year: 年
every day: 每天, 每日
every week: 每周, 每星期, 每週
every month: 每月, 每个月
every hour: 每小时, 每个小时
every monday: 每周一, 每星期一, 每週一, 每个星期一, 每个周一
every tuesday: 每周二, 每星期二, 每週二
every wednesday: 每周三, 每星期三, 每週三
every thursday: 每周四, 每星期四, 每週四
every friday: 每周五, 每星期五, 每週五, 每个星期五, 每个周五
every saturday: 每周六, 每星期六, 每週六
every sunday: 每周日, 每星期日, 每星期天, 每周天, 每週日
monday: 周一, 星期一, 礼拜一
tuesday: 周二, 星期二
wednesday: 周三, 星期三
thursday: 周四, 星期四
friday: 周五, 星期五, 礼拜五
saturday: 周六, 星期六
sunday: 周日, 星期日, 星期天
next monday: 下周一
next tuesday: 下周二
next wednesday: 下周三
next thursday: 下周四
next friday: 下周五
@later: 后, 後, 之后, 以后, 之後, 以後
@hour: 点, 点钟, 點
tomorrow: 明天, 明日
tonight: 今晚
yesterday: 昨天
now: 现在, 現在, 立刻, 马上, 今天, 立即
over: 分, 在未来
please: 请, 請, 麻烦, 帮我, 帮忙, 幫我, 拜托, 吧, 一下, 谢谢你, 请帮我, 请你
thanks: 谢谢, 多谢, 謝謝
friend: 朋友
network: 公链
it: 它, 这, 那
him: 他, 她, 他们
you: 你, 您
someone: 某人, 别人
ether: 以太, 以太币, 以太幣
ethereum: 以太坊, 以太坊主网
bitcoin: 比特币, 比特幣
tether: 泰达币, 泰達幣
bsc: 币安链, 币安智能链
uniswap: 优尼
what: 多少, 什么, 什麼, 怎么
is: 是, 设为, 設為, 设置为, 设成, 控制在
want: 想, 要, 想要, 需要
some: 一些, 一点, 些, 点儿
maybe: 可能, 也许
tokens: 代币, 代幣, 币
did: 了, 吗, 过, 嗎
address: 地址
wallet: 钱包
,: 、
.: 。
`,
	counts: `0 零 〇, 1 一 壹, 2 二 两 兩 贰, 3 三 叁, 4 四 肆, 5 五 伍, 6 六 陆, 7 七 柒, 8 八 捌, 9 九 玖, x10 十 拾, x100 百 佰, x1000 千 仟, X10000 万 萬, X100000000 亿 億`,
	form: numberForm{
		joined: true, clips: true, points: words(`点 點`), halves: []string{"半"}, vague: words(`几 幾 多 余 数 來 来 左右`),
		counters: words(`个 個 枚 颗 顆 只`), percent: words(`百分之`),
	},
}).ready()
