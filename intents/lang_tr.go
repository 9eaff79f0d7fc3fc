package intents

var turkish = (&tongue{
	key: "tr",
	senses: `
a third: üçte bir, üçte biri, üçte birini
two thirds: üçte iki, üçte ikisi, üçte ikisini
three quarters: dörtte üç, dörtte üçü, dörtte üçünü
swap: çevir, çevirin, çevirir misin, takas et, takasla, takas edin, değiştir, değiştirin, dönüştür, dönüştürün, bozdur, swapla
buy: al, alın, satın al, satın alın, alır mısın, almak istiyorum
sell: sat, satın, satar mısın, satmak istiyorum, elden çıkar
send: gönder, gönderin, gönderir misin, yolla, yollayın, at, aktar, aktarın, transfer et, transfer edin, havale et, öde, ödeyin, göndermek istiyorum, ilet
move: taşı, taşıyın, geçir, götür
bridge: köprüle, bridge et, bridge'le, köprüyle taşı
wrap: sar, wrap et, wraple
unwrap: unwrap et, aç
stake: stake et, stakele, stake edin
unstake: unstake et
lend: yatır, yatırın, borç ver, ödünç ver
withdraw: çek, çekin, geri çek
borrow: borç al, ödünç al
repay: borcu öde, geri öde
approve: onayla, onay ver, izin ver, onaylayın
revoke: iptal et onayı, iznini kaldır, onayı kaldır, izni kaldır
alert: haber ver, uyar, bildir
price: fiyat, fiyatı, fiyatını, kur
balance: bakiye, bakiyem, bakiyesi, bakiyemi
with: ile, kullanarak, 'le, 'la, 'yle, 'yla
for: için, karşılığında, karşılığı
via: üzerinden, aracılığıyla
of: 'in, 'ın, 'un, 'ün, 'nin, 'nın, 'nun, 'nün, nın, nin, nun, nün
my: benim, bizim
@to: 'e, 'a, 'ye, 'ya, 'na, 'ne, ye, ya
@from: 'den, 'dan, 'ten, 'tan, den, dan, ten, tan
@on: 'de, 'da, 'te, 'ta, üzerinde, ağında, zincirinde, ağı üzerinde, de, da, te, ta
@to: ağına, zincirine
@from: ağından, zincirinden
@obj: 'i, 'ı, 'u, 'ü, 'yi, 'yı, 'yu, 'yü, 'ini, 'ını, 'unu, 'ünü, yi, yı, yu, yü, 'im, 'ım, 'um, 'üm, 'imi, 'ımı, 'umu, 'ümü, 'lik, 'lık, 'luk, 'lük, 'imin, 'ımın, 'min, 'mın, 'mun, 'mün, 'mi, 'mı, 'mu, 'mü, 'lerimi, 'sini, 'sını
and: ve
or: veya, ya da, yahut
not: satma, gönderme, çevirme, yollama, bozdurma, değiştirme, aktarma, satmayın, göndermeyin, çevirmeyin, almayın, satmıyorum, almıyorum, göndermiyorum, istemiyorum, istemem, değil, hayır, yok, asla, hiç, sakın, olmasın, yapma, etme, yapmayın, etmeyin, vazgeç
then: sonra, ardından, daha sonra, ondan sonra, sonrasında
@later: sonra, içinde
if: eğer, şayet
when: olunca, olduğunda, ne zaman
all: hepsi, hepsini, tümü, tümünü, tamamı, tamamını, bütün, tüm, tamamen
@but: hariç, dışında
half: yarı, yarısı, yarısını, yarım
quarter: çeyrek, çeyreği, çeyreğini, dörtte birini
percent: yüzdesi
dollars: dolar, dolarlık, doları, dolara, dolarla, doların, dolarının, dolardan
euros: euro, lira, tl, avro, liralık
thousand: bin
million: milyon
min: en az, minimum, asgari, en azından
max: en fazla, en çok, maksimum, azami
almost: neredeyse, yaklaşık, aşağı yukarı
slippage: kayma, slippage, kaymayla, kayması, fiyat kayması
@lower: altında, altına, altındaysa, altına düşerse, altına inerse, altına düşünce, altına düştüğünde, altına inince, altına indiğinde, altındayken, altı, altında olursa, aşağısına, düşerse, inerse
@upper: üstünde, üstüne, üzerine, üstündeyse, üzerindeyse, üstüne çıkarsa, üzerine çıkarsa, üstüne çıkınca, üzerine çıkınca, üstüne çıktığında, üzerine çıktığında, üzeri, aşarsa, geçerse, aşınca, geçince, çıkarsa, ulaşırsa
@falls: düşünce, düştüğünde, çıkınca, çıktığında, olursa, ise, olunca
below: altında iken
gas: gaz, gas
every: her, her bir
day: gün, günde
week: hafta
month: ay
hour: saat, saatte
minute: dakika
year: yıl
monday: pazartesi, pazartesi günü
tuesday: salı, salı günü
wednesday: çarşamba, çarşamba günü
thursday: perşembe, perşembe günü
friday: cuma, cuma günü
saturday: cumartesi, cumartesi günü
sunday: pazar, pazar günü
daily: günlük, günde bir
weekly: haftalık, haftada bir
monthly: aylık, ayda bir
tomorrow: yarın
tonight: bu gece, bu akşam
yesterday: dün
now: şimdi, hemen, bugün
@during: boyunca
please: lütfen
thanks: teşekkürler, teşekkür ederim, sağ ol, sağol
friend: arkadaş, arkadaşım, arkadaşıma
network: ağ, ağı
it: bu, bunu, şunu, onu
him: ona, onlara
me: bana, beni, bize
you: sana, seni, size
someone: birine, birisine
worth: değerinde
what: ne, nedir, kaç, ne kadar, hangi
is: mi, mı, mu, mü
want: istiyorum, isterim
times: kez, defa, kere
more: daha, fazla
maybe: belki
some: biraz, birkaç
address: adres, adresi, adresine
tokens: jeton, token, tokeni
@obj: adresindeki, hesabına
`,
	counts: `0 sıfır, 1 bir~, 2 iki, 3 üç, 4 dört, 5 beş, 6 altı~, 7 yedi, 8 sekiz, 9 dokuz, 10 on~, 20 yirmi, 30 otuz, 40 kırk, 50 elli, 60 altmış, 70 yetmiş, 80 seksen, 90 doksan,
		x100 yüz~, X1000 bin, X1000000 milyon, X1000000000 milyar, 0.5 yarım~`,
	form: numberForm{joined: true, points: words(`virgül nokta virgul`), halves: []string{"buçuk"}, vague: words(`birkaç küsur`), percent: words(`yüzde yuzde %`), counters: words(`tane adet`)},
}).ready()
