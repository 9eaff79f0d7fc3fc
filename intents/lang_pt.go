package intents

var portuguese = (&tongue{
	key: "pt",
	senses: `
a third: um terço, a terça parte
two thirds: dois terços
three quarters: três quartos
half a million: meio milhão
half a thousand: meio mil, meio milhar
over: ao longo de, no decorrer de, no decurso de
swap: troca, trocar, troque, trocamos, converte, converter, converta, cambia, câmbio, intercambia
buy: compra, comprar, compre, compremos, adquire, adquirir
sell: vende, vender, venda, vendamos
send: envia, enviar, envie, manda, mandar, mande, transfere, transferir, transfira, paga, pagar, pague, remete
move: traz, trazer, traga, move, mover, mova, passa, passar, passe, leva, levar
bridge: faz bridge de, fazer bridge de, faça bridge de, faz a ponte de, bridgeia, bridgear, ponteia
wrap: embrulha, embrulhar, envolve
unwrap: desembrulha, desembrulhar
stake: faz stake de, fazer stake de, faça stake de, stakeia
unstake: tira do stake
lend: deposita, depositar, deposite, empresta, emprestar, empreste, fornece
withdraw: retira, retirar, retire, saca, sacar, saque, levanta
borrow: pega emprestado, pegar emprestado, pegue emprestado, toma emprestado, pede emprestado
repay: devolve, devolver, quita, quitar, paga a dívida
approve: aprova, aprovar, aprove, autoriza, autorizar, autorize, permite, permitir
revoke: revoga, revogar, revogue
alert: avise, avisa, avise-me, me avisa, me avise, alerta
price: preço, cotação
balance: saldo
to: a, ao, à, para, pra, pro, até
for: por, em troca de
with: com, usando, pagando com
?of: de, do, da, dos, das, desde
?on: em, na, nas, nos, num, numa
?not: no
via: via, através de, pela, pelo
my: meu, minha, meus, minhas, nosso, nossa
?the: o, os, as
his: seu, sua, dele, dela
your: teu, tua
and: e
or: ou
not: não, nao, nunca, jamais, nem, sem, nenhum, nenhuma, nada
then: depois, então, em seguida, e depois, e então, logo
if: se, caso
when: quando, assim que, sempre que
?all: todo, toda, todos, todas, todos os, todas as, tudo
all: todo o meu, toda a minha
all but: tudo menos, todos menos, tudo exceto, tudo exceto por
but: menos, exceto, mas deixa, deixando, mas deixe
half: metade, meio, meia
quarter: quarto, um quarto, a quarta parte
percent: por cento, porcento
dollars: dólar, dólares
euros: euro, euros, real, reais
thousand: mil
million: milhão, milhões
min: pelo menos, no mínimo, ao menos, mínimo, mínimo de
max: no máximo, máximo, máximo de, máxima, máxima de
no more than: não mais que, não mais de, não mais do que
almost: quase
slippage: derrapagem, slippage, deslizamento
below: abaixo de, abaixo dos, cair abaixo de, cai abaixo de, caia abaixo de, estiver abaixo de, ficar abaixo de, menos de, menor que, menor do que, inferior a, cair para, cair a, cai para
above: acima de, acima dos, subir acima de, passar de, passa de, ultrapassar, ultrapassa, superar, supera, estiver acima de, ficar acima de, mais de, maior que, maior do que, superior a, chegar a, chega a, atingir, atinge, subir para
drops: cai, cair, caia
rises: sobe, subir
gas: gás
every: cada, a cada, todo dia de
every day: todo dia, todos os dias, diariamente
every week: toda semana, todas as semanas, semanalmente
every month: todo mês, todos os meses, mensalmente
day: dia, dias
week: semana, semanas
month: mês, meses
hour: hora, horas
minute: minuto, minutos
year: ano, anos
monday: segunda, segunda-feira, segunda - feira
tuesday: terça, terça - feira
wednesday: quarta, quarta - feira
thursday: quinta, quinta - feira
friday: sexta, sexta - feira, sextas
saturday: sábado, sábados
sunday: domingo, domingos
tomorrow: amanhã
tonight: hoje à noite, esta noite
yesterday: ontem
now: agora, já, hoje
in: daqui a, dentro de
over: durante
at: às, as
please: por favor, porfa, faz favor
thanks: obrigado, obrigada, valeu
friend: amigo, amiga
network: rede, cadeia
it: isso, isto
him: ele, ela, eles, elas
me: mim
someone: alguém
ether: éter
what: qual, quanto, quantos, que
is: é, está, são
i: eu, me, te
want: quero, queria, preciso, gostaria
times: vezes, vez
more: mais
once: uma vez
maybe: talvez
`,
	counts: `0 zero, 1 um~ uma~, 2 dois duas, 3 três, 4 quatro, 5 cinco, 6 seis, 7 sete, 8 oito, 9 nove, 10 dez, 11 onze, 12 doze, 13 treze, 14 catorze quatorze, 15 quinze,
		16 dezesseis dezasseis, 17 dezessete dezassete, 18 dezoito, 19 dezenove dezanove, 20 vinte, 30 trinta, 40 quarenta, 50 cinquenta, 60 sessenta, 70 setenta, 80 oitenta,
		90 noventa, 100 cem cento, 200 duzentos duzentas, 300 trezentos trezentas, 400 quatrocentos quatrocentas, 500 quinhentos quinhentas, 600 seiscentos seiscentas,
		700 setecentos setecentas, 800 oitocentos oitocentas, 900 novecentos novecentas, X1000 mil, X1000000 milhão milhões`,
	form: numberForm{joiners: words(`e`), points: words(`vírgula virgula ponto`), halves: []string{"e meio", "e meia"}, vague: words(`uns umas tantos tantas`)},
}).ready()
