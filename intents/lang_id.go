package intents

var indonesian = (&tongue{
	key: "id",
	senses: `
a third: sepertiga
two thirds: dua pertiga
three quarters: tiga perempat
half a million: setengah juta
half a thousand: setengah ribu
swap: tukar, tukarkan, menukar, menukarkan, konversi, konversikan, ganti, gantikan, ubah
buy: beli, belikan, membeli, borong
sell: jual, jualkan, menjual
send: kasih, kasihkan, kirim, kirimkan, mengirim, kirimin, transfer, transferkan, mentransfer, bayar, bayarkan
move: pindahkan, pindah, memindahkan, bawa
bridge: bridge, jembatani, jembatankan
wrap: bungkus, wrap
unwrap: buka bungkus, unwrap
stake: stake, staking, stakingkan
unstake: unstake
lend: setor, setorkan, depositkan, pinjamkan, deposit
withdraw: tarik, ambil kembali, cairkan
borrow: pinjam, meminjam
repay: lunasi, kembalikan, bayar kembali, bayar utang
approve: setujui, izinkan, menyetujui
revoke: cabut, batalkan izin
alert: beri tahu, kabari, ingatkan, beritahu, kasih tahu
price: harga
balance: saldo
to: ke, kepada, menjadi, jadi, pada
for: untuk, buat, demi
with: dengan, pakai, menggunakan, pake
?of: dari
?on: di, dalam
via: lewat, melalui
my: saya, ku, aku, milikku, punyaku
the: itu, tersebut
his: nya, dia
and: dan, serta
or: atau
not: jangan, tidak, bukan, tak, nggak, gak, enggak, ga, belum, tanpa, janganlah, tdk, jgn, batal
min: minimal, minimum, setidaknya, paling sedikit, sekurangnya, tidak kurang dari, sedikitnya
no more than: tidak lebih dari
max: maksimal, maksimum, paling banyak
then: lalu, kemudian, terus, setelah itu, habis itu, selanjutnya
if: jika, kalau, bila, apabila, kalo, jikalau
when: ketika, saat, begitu, waktu
all: semua, seluruh, segala, semuanya, seluruhnya
all but: semua kecuali, semuanya kecuali
but: kecuali, selain, tapi sisakan, sisakan
half: setengah, separuh, separo
quarter: seperempat
percent: persen
dollars: dolar
euros: euro, rupiah
thousand: ribu, rb
million: juta, jt
almost: hampir, kira-kira, sekitar
slippage: slippage, selip, selisih harga
below: di bawah, turun di bawah, turun ke bawah, dibawah, kurang dari, turun ke, turun sampai, jatuh ke, jatuh di bawah, lebih rendah dari
above: di atas, naik di atas, diatas, lebih dari, melebihi, naik ke, mencapai, tembus, lebih tinggi dari, melewati
drops: turun, jatuh
rises: naik
gas: gas
every: setiap, tiap, tiap - tiap
day: hari
week: minggu, pekan
month: bulan
hour: jam
minute: menit
year: tahun
monday: senin, hari senin
tuesday: selasa, hari selasa
wednesday: rabu, hari rabu
thursday: kamis, hari kamis
friday: jumat, hari jumat, jum'at
saturday: sabtu, hari sabtu
sunday: hari minggu, ahad
daily: harian
tomorrow: besok
tonight: malam ini, nanti malam
yesterday: kemarin
now: sekarang, segera, hari ini
over: selama
@later: lagi, kemudian
please: tolong, mohon, dong, ya
thanks: terima kasih, makasih
friend: teman, kawan
network: jaringan, rantai
it: ini
someone: seseorang
ether: eter
worth: senilai, seharga
what: apa, berapa
is: adalah
want: mau, ingin, pengen
times: kali
more: lebih
once: sekali
some: beberapa, sedikit
maybe: mungkin
`,
	counts: `0 nol, 1 satu, 2 dua, 3 tiga, 4 empat, 5 lima, 6 enam, 7 tujuh, 8 delapan, 9 sembilan, 10 sepuluh, 11 sebelas, 12 dua-belas, 13 tiga-belas, 14 empat-belas, 15 lima-belas,
		16 enam-belas, 17 tujuh-belas, 18 delapan-belas, 19 sembilan-belas, x10 puluh, 100 seratus, x100 ratus, 1000 seribu, X1000 ribu rb, 1000000 sejuta, X1000000 juta jt`,
	form: numberForm{points: words(`koma titik`), halves: []string{"setengah"}, vague: words(`beberapa puluhan ratusan ribuan belasan sekian`)},
}).ready()
