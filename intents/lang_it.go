package intents

var italian = (&tongue{
	key: "it",
	senses: `
a third: un terzo, la terza parte
two thirds: due terzi
three quarters: tre quarti
half a million: mezzo milione
over: nell' arco di, nel corso di
swap: scambia, scambiare, scambiami, scambi, cambiali, scambiali, convertili, cambialo, scambialo, cambia, cambiare, cambiami, converti, convertire, permuta
buy: compra, comprare, comprami, compri, acquista, acquistare, prendi
sell: vendi, vendere, vendimi, venda
send: gira, bonifica, invia, inviare, inviami, manda, mandare, mandami, spedisci, trasferisci, trasferire, paga, pagare
move: sposta, spostare, muovi, porta, portare, passa
bridge: bridgia, fai il bridge di, fare il bridge di, fai bridge di
wrap: avvolgi, avvolgere, wrappa, wrappare
unwrap: scarta, svolgi, unwrappa
stake: metti in staking, mettere in staking, fai staking di, staka
unstake: togli dallo staking
lend: deposita, depositare, presta, prestare, fornisci
withdraw: preleva, prelevare, ritira, ritirare
borrow: prendi in prestito, prendere in prestito
repay: ripaga, ripagare, rimborsa, rimborsare, restituisci
approve: approva, approvare, autorizza, autorizzare, permetti
revoke: revoca, revocare
alert: avvisami, avvertimi, notificami
price: prezzo, quotazione
balance: saldo
to: a, ad, al, alla, allo, ai, all', alle, verso
for: per, in cambio di, contro
with: con, usando, pagando con
?of: di, d', del, della, dei, delle, dell', dello, da, dal, dalla, dall', dai
?on: su, sul, sulla, sullo, sull', in, nel, nella, nell'
via: tramite, attraverso
my: mio, mia, miei, mie, nostro, nostra, nostri
?the: il, lo, la, i, gli, le, l'
his: suo, sua, loro
and: e, ed
or: o, oppure
not: non, mai, nessun, nessuno, nessuna, né, senza, niente
then: poi, quindi, dopo, e poi, dopodiché, successivamente
if: se, qualora
when: quando, appena, non appena, ogni volta che
?all: tutto, tutta, tutti, tutte
all but: tutto tranne, tutti tranne, tutto meno, tutto eccetto
but: tranne, meno, eccetto, ma lascia, lasciando
half: metà, mezzo, mezza
quarter: un quarto, quarto
percent: per cento, percento
dollars: dollaro, dollari
euros: euro
thousand: mila
million: milione, milioni
min: almeno, come minimo, minimo, minimo di, non meno di
max: al massimo, massimo, massimo di
no more than: non più di, non più del
almost: quasi
slippage: slippage, slittamento
below: sotto, sotto i, sotto gli, sotto a, scende sotto, scende sotto i, va sotto, cade sotto, è sotto, inferiore a, minore di, meno di, scende a, al di sotto di
above: sopra, sopra i, sopra gli, sale sopra, sale sopra i, supera, supera i, va sopra, è sopra, superiore a, maggiore di, più di, arriva a, raggiunge, raggiunge i, sale a, al di sopra di
drops: scende, cala, crolla
rises: sale
gas: gas
every: ogni
day: giorno, giorni
week: settimana, settimane
month: mese, mesi
hour: ora, ore
minute: minuto, minuti
year: anno, anni
monday: lunedì
tuesday: martedì
wednesday: mercoledì
thursday: giovedì
friday: venerdì
saturday: sabato
sunday: domenica
daily: quotidianamente, giornalmente
weekly: settimanalmente
monthly: mensilmente
tomorrow: domani
tonight: stasera, stanotte
yesterday: ieri
now: adesso, ora, subito, oggi
in: tra, fra, entro
over: durante, nell'arco di
at: alle ore
please: per favore, per piacere
thanks: grazie
friend: amico, amica
network: rete, catena
it: esso, questo, quello
him: lui, lei
me: mi, me
someone: qualcuno
ether: etere
what: che, quanto, quanti, quale, qual
is: è, sono
want: voglio, vorrei
times: volte, volta
more: più
once: una volta
maybe: forse
`,
	counts: `0 zero, 1 uno~ un~ una~, 2 due, 3 tre, 4 quattro, 5 cinque, 6 sei~, 7 sette, 8 otto, 9 nove, 10 dieci, 11 undici, 12 dodici, 13 tredici, 14 quattordici, 15 quindici,
		16 sedici, 17 diciassette, 18 diciotto, 19 diciannove, 20 venti vent^, 30 trenta trent^, 40 quaranta quarant^, 50 cinquanta cinquant^, 60 sessanta sessant^,
		70 settanta settant^, 80 ottanta ottant^, 90 novanta novant^, x100 cento cent^, X1000 mille mila, X1000000 milione milioni`,
	form: numberForm{joined: true, joiners: words(`e`), points: words(`virgola punto`), halves: []string{"e mezzo", "e mezza"}, vague: words(`qualche`)},
}).ready()
