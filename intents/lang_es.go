package intents

var spanish = (&tongue{
	key: "es",
	senses: `
a third: un tercio, la tercera parte
two thirds: dos tercios
three quarters: tres cuartos, tres cuartas partes
half a million: medio millón
half a thousand: medio millar, medio mil
over: en el transcurso de, en el curso de, a lo largo de
swap: cambia, cambiar, cambiame, cámbialo, cámbialos, cambie, cambiemos, convierte, convertir, conviérteme, convierta, intercambia, intercambiar, intercambie, canjea, canjear, canjee
buy: compra, comprar, cómprame, compre, compremos, adquiere, adquirir, consigue, consígueme
sell: vende, vender, véndeme, venda, vendamos
send: envía, enviar, envíame, envíe, envíale, envíaselo, manda, mandar, mande, mándale, mándame, transfiere, transferir, transfiera, transfiérele, paga, pagar, pague, págale, remite
move: mueve, mover, mueva, pasa, pasar, pase, lleva, llevar, traslada, trasladar
bridge: puentea, puentear, bridgea, bridgear
wrap: envuelve, envolver, wrapea
unwrap: desenvuelve, desenvolver, unwrapea
stake: stakea, stakear, apuesta en staking, pon en staking, poner en staking, haz staking de, hacer staking de
unstake: quita del staking, saca del staking
lend: deposita, depositar, deposite, presta, prestar, suministra, suministrar
withdraw: retira, retirar, retire, saca, sacar
borrow: pide prestado, pide prestados, pedir prestado, pedir prestados, toma prestado, tomar prestado, toma prestados
repay: devuelve, devolver, reembolsa, reembolsar, paga la deuda, amortiza, liquida
approve: aprueba, aprobar, apruebe, autoriza, autorizar, permite, permitir
revoke: revoca, revocar, revoque
alert: avísame, avisa, avisame cuando, alértame, notifícame
price: precio, cotización
balance: saldo, balance
to: a, al, hacia, hasta
for: por, para, a cambio de
with: con, usando, pagando con, mediante
?of: de, del, desde
from: fuera de
?on: en
via: vía, a través de
my: mi, mis, nuestro, nuestra, nuestros, nuestras
?the: el, la, los, las, lo
his: su, sus
your: tu, tus
and: y, e
or: o, u
not: no, nunca, jamás, ni, tampoco, sin, ningún, ninguna, ninguno, nada
alert when: avísame cuando, avisa cuando, avísame si
then: luego, después, entonces, y luego, y después, después de eso, a continuación
if: si, en caso de que
when: cuando, cuándo, en cuanto, tan pronto como, cada vez que
?all: todo, toda, todos, todas
all: todo el saldo, la totalidad de
all but: todo menos, todos menos, todas menos, todo excepto, todos excepto, todo salvo
but: menos, excepto, salvo, pero deja, dejando, pero dejando, deja
half: mitad, media, medio
quarter: cuarto, cuarta parte, la cuarta parte, un cuarto
percent: por ciento, porciento
dollars: dólar, dólares
euros: euro, euros, peso, pesos
thousand: mil
million: millón, millones
min: al menos, como mínimo, por lo menos, mínimo, mínimo de, no menos de, a lo menos
max: máximo, como máximo, a lo sumo
no more than: no más de, no más que, no más del
almost: casi
slippage: deslizamiento, slippage
below: por debajo de, baja de, baje de, bajo de, cae por debajo de, caiga por debajo de, baja por debajo de, baje por debajo de, menos de, menor que, menor a, inferior a, cae a, caiga a, baja a, baje a, debajo de, está por debajo de, esté por debajo de
above: por encima de, sube de, suba de, supera, supere, sube por encima de, suba por encima de, pasa de, pase de, más de, mayor que, mayor a, superior a, llega a, llegue a, alcanza, alcance, sube a, suba a, esté por encima de, está por encima de
drops: cae, baja, caiga, baje
rises: sube, suba
gas: gas
every: cada
day: día, días
week: semana, semanas
month: mes, meses
hour: hora, horas
minute: minuto, minutos
year: año, años
monday: lunes
tuesday: martes
wednesday: miércoles
thursday: jueves
friday: viernes
saturday: sábado, sábados
sunday: domingo, domingos
daily: diariamente, a diario
weekly: semanalmente
monthly: mensualmente
tomorrow: mañana
tonight: esta noche
yesterday: ayer
now: ahora, ya, ahora mismo
in: dentro de
over: durante
at: a las, a la una, sobre las
please: por favor, porfa
thanks: gracias
friend: amigo, amiga
network: red, cadena
some: algo de, unos, unas
it: ello, esto, eso
him: él, ella, ellos, ellas
someone: alguien
tokens: fichas
ether: éter, eter
bitcoin: bitcóin
what: qué, cuál, cuánto, cuánta, cuántos
is: es, está, son
i: yo, me, te, se, nos
want: quiero, quisiera, necesito, deseo
times: veces, vez
more: más
worth: en valor de
once: una vez
maybe: quizás, tal vez
`,
	counts: `0 cero, 1 uno un~ una~, 2 dos, 3 tres, 4 cuatro, 5 cinco, 6 seis, 7 siete, 8 ocho, 9 nueve, 10 diez, 11 once, 12 doce, 13 trece, 14 catorce, 15 quince,
		16 dieciséis, 17 diecisiete, 18 dieciocho, 19 diecinueve, 20 veinte, 21 veintiuno veintiún veintiuna, 22 veintidós, 23 veintitrés, 24 veinticuatro, 25 veinticinco,
		26 veintiséis, 27 veintisiete, 28 veintiocho, 29 veintinueve, 30 treinta, 40 cuarenta, 50 cincuenta, 60 sesenta, 70 setenta, 80 ochenta, 90 noventa,
		100 cien ciento, 200 doscientos doscientas, 300 trescientos trescientas, 400 cuatrocientos cuatrocientas, 500 quinientos quinientas, 600 seiscientos seiscientas,
		700 setecientos setecientas, 800 ochocientos ochocientas, 900 novecientos novecientas, X1000 mil, X1000000 millón millones`,
	form: numberForm{
		joiners: words(`y`), points: words(`coma punto`), halves: []string{"y medio", "y media"}, vague: words(`unos unas pico tantos tantas`),
	},
}).ready()
