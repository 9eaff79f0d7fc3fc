package intents

var german = (&tongue{
	key: "de",
	senses: `
a third: ein drittel, einen drittel, einem drittel, drittel
two thirds: zwei drittel
three quarters: dreiviertel, drei viertel
half a million: eine halbe million, halbe million, ne halbe million
over: über einen zeitraum von, im laufe von
swap: tausche, tausch, tauschen, tauscht, umtauschen, eintauschen, wechsle, wechsel, wechseln, konvertiere, konvertieren, wandle, umwandeln, swappe, swappen
buy: kaufe, kauf, kaufen, kauft, besorge, besorg, hol
sell: verkaufe, verkauf, verkaufen, veräußere
send: sende, senden, sendet, schicke, schick, schicken, überweise, überweis, überweisen, zahle, zahl, zahlen, transferiere, transferieren, übersende
move: hole, verschiebe, verschieben, bewege, bewegen, bring, bringe, bringen, übertrage, übertragen
bridge: bridge, bridgen, brücke, überbrücke, überbrücken
wrap: wrappe, wrappen, verpacke, verpacken
unwrap: unwrappe, unwrappen, entpacke, entpacken
stake: stake, staken
unstake: unstake, unstaken, entstake
lend: verleihe, verleihen, leihe aus, hinterlege, hinterlegen, zahle ein
withdraw: ziehe, abziehen, abheben, hebe, hebe ab, auszahlen
borrow: leihe, leih, leihen, leih mir, leihe mir, borge, borgen
repay: zahle zurück, zurückzahlen, tilge, tilgen
approve: genehmige, genehmigen, erlaube, erlauben, freigeben, bewillige
revoke: widerrufe, widerrufen, entziehe
alert: warne, warne mich, benachrichtige, benachrichtige mich, melde, melde dich, sag mir bescheid, gib bescheid
price: preis, kurs
balance: kontostand, guthaben, saldo
to: an, nach, zu, zum, zur
for: für, gegen, im tausch gegen
with: mit, per
?of: von, vom
from: aus
of: der hälfte, des
?on: auf, in, im
?over: über, ueber
at: bei, beim
via: mittels, durch
my: mein, meine, meinen, meinem, meiner, meines, unser, unsere, unseren
the: der, die, das, den, dem
a: ein, eine, einen, einem, einer, eines
his: sein, seine, seinem, ihr, ihre, ihrem, ihren
your: dein, deine
and: und
or: oder
not: nicht, kein, keine, keinen, keinem, keiner, nie, niemals, nein, ohne, weder, noch nie, nichts, keinesfalls
min: nicht weniger als, mindestens, wenigstens, minimum, zumindest, minimal
no more than: nicht mehr als
max: maximal, höchstens, maximum
then: dann, danach, und dann, anschließend, daraufhin
if: falls, sofern
when: wenn, sobald, sowie
?all: alle, alles, allen, ganze, ganzen, ganzes, gesamte, gesamten, gesamtes, sämtliche
all but: alles bis auf, alle bis auf, alles außer, alle außer
but: außer, bis auf, aber lass, aber behalte
half: hälfte, halb, halbe, halben, halber, halbes
quarter: viertel, ein viertel
percent: prozent
dollars: dollar, dollars
euros: euro, euros
thousand: tsd, tausend
million: mio, million, millionen
almost: fast, beinahe, ungefähr, circa
slippage: slippage, schlupf, kursabweichung
below: unter, unter die, fällt unter, sinkt unter, unterhalb von, unterschreitet, weniger als, niedriger als, fällt auf, sinkt auf, unter liegt
above: über die, steigt über, geht über, klettert über, oberhalb von, überschreitet, mehr als, höher als, steigt auf, erreicht, übersteigt
drops: fällt, sinkt, stürzt
rises: steigt
gas: gas, gaspreis
every: jede, jeden, jedes, jedem, jeder
day: tag, tage, tagen
week: woche, wochen
month: monat, monate, monaten
hour: stunde, stunden
minute: minute, minuten
year: jahr, jahre, jahren
monday: montag, montags
tuesday: dienstag, dienstags
wednesday: mittwoch, mittwochs
thursday: donnerstag, donnerstags
friday: freitag, freitags
saturday: samstag, samstags, sonnabend
sunday: sonntag, sonntags
morning: morgens
daily: täglich
weekly: wöchentlich
monthly: monatlich
hourly: stündlich
tomorrow: morgen
tonight: heute abend, heute nacht
yesterday: gestern
now: jetzt, sofort, gleich, heute
on: am
at: um
over: über einen zeitraum von, während
please: bitte
thanks: danke
friend: freund, freundin
network: netzwerk, netz, kette
it: es
him: ihn, ihm
them: sie
me: mir, mich
you: dir, dich, du, ihnen
someone: jemand, jemandem
ether: äther
worth: im wert von, wert
what: was, wie, wieviel, wie viel, welcher, welche
is: ist, sind, liegt
i: ich, wir
want: will, möchte, möchten, brauche
times: mal, male
more: mehr
once: einmal
maybe: vielleicht
some: etwas, einige, ein paar, paar
back: zurück
`,
	counts: `0 null, 1 eins ein~ eine~ einen~ einem~ einer~, 2 zwei zwo, 3 drei, 4 vier, 5 fünf fuenf, 6 sechs, 7 sieben, 8 acht, 9 neun, 10 zehn, 11 elf, 12 zwölf zwoelf,
		13 dreizehn, 14 vierzehn, 15 fünfzehn fuenfzehn, 16 sechzehn, 17 siebzehn, 18 achtzehn, 19 neunzehn, 20 zwanzig, 30 dreißig dreissig, 40 vierzig, 50 fünfzig fuenfzig,
		60 sechzig, 70 siebzig, 80 achtzig, 90 neunzig, 1.5 anderthalb eineinhalb einenhalb, 2.5 zweieinhalb, 3.5 dreieinhalb, 4.5 viereinhalb, x100 hundert, X1000 tausend tsd, X1000000 million millionen mio,
		X1000000000 milliarde milliarden mrd`,
	form: numberForm{joined: true, inverted: true, joiners: words(`und`), points: words(`komma punkt`), halves: []string{"und ein halb", "einhalb"}, vague: words(`paar einige mehrere`)},
}).ready()
