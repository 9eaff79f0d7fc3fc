package intents

var french = (&tongue{
	key: "fr",
	senses: `
a third: un tiers, le tiers
two thirds: deux tiers
three quarters: trois quarts
half a million: un demi - million, un demi million
half a: un demi
over: au cours de, étalé sur, étalés sur
?sur: sur
swap: échange, échanger, échangez, échangeons, convertis, convertir, convertissez, change, changer, changez, troque, troquer
buy: achète, acheter, achetez, achetons, achète-moi
sell: vends, vendre, vendez, vendons
send: envoi, envoie, envoyer, envoyez, envoyons, transfère, transférer, transférez, paie, paye, payer, payez, verse, verser, expédie
move: ramène, ramener, déplace, déplacer, déplacez, bouge, bouger, passe, passer
bridge: bridge, bridger, bridgez, ponte, fais un bridge de
wrap: wrappe, wrapper, emballe, emballer, enveloppe
unwrap: unwrappe, unwrapper, déballe, déballer
stake: stake, staker, stakez, mets en staking, mettre en staking
unstake: unstake, déstake, retire du staking
lend: dépose, déposer, déposez, prête, prêter, fournis, fournir
withdraw: retire, retirer, retirez
borrow: emprunte, emprunter, empruntez
repay: rembourse, rembourser, remboursez
approve: approuve, approuver, approuvez, autorise, autoriser, autorisez
revoke: révoque, révoquer, révoquez
alert: préviens - moi, alerte - moi, avertis - moi, préviens, prévenez
price: prix, cours
balance: solde
to: à, a, au, aux, vers, jusqu'à
for: pour, contre, en échange de
with: avec, en utilisant, en payant avec
?of: de, du, des, d', depuis
?on: en, dans
via: via, par, au travers de
my: mon, ma, mes, notre, nos
?the: le, la, les, l'
his: son, sa, ses, leur
your: ton, ta, tes, votre, vos
and: et
or: ou
not: ne, n', pas, jamais, aucun, aucune, ni, sans, non, rien
then: puis, ensuite, et puis, et ensuite, après, après ça, après cela
if: si, au cas où
when: quand, lorsque, dès que, à chaque fois que
?all: tout, toute, tous, toutes
now: tout de suite, maintenant, immédiatement, aujourd'hui
all but: tout sauf, tous sauf, tout excepté
but: sauf, moins, excepté, mais laisse, mais garde, en laissant, en gardant
half: moitié, demi, demie
quarter: quart, un quart
percent: pour cent, pourcent, pourcents
dollars: dollar, dollars
euros: euro, euros
thousand: mille
million: million, millions
min: au moins, au minimum, minimum, minimum de, pas moins de
max: au maximum, maximum, maximum de, au plus
no more than: pas plus de, pas plus que
almost: presque, environ
slippage: slippage, glissement, dérapage
below: en dessous de, en - dessous de, sous, sous les, passe sous, passe en dessous de, descend sous, descend en dessous de, tombe sous, tombe en dessous de, est sous, inférieur à, moins de, tombe à, descend à, baisse à
above: au dessus de, au - dessus de, passe au dessus de, passe au - dessus de, monte au dessus de, monte au - dessus de, dépasse, dépasse les, est au - dessus de, supérieur à, plus de, atteint, atteint les, monte à, arrive à
drops: chute, baisse, descend
rises: monte
gas: gaz
every: chaque
day: jour, jours
week: semaine, semaines
month: mois
hour: heure, heures
minute: minute, minutes
year: an, ans, année, années
monday: lundi, lundis
tuesday: mardi, mardis
wednesday: mercredi, mercredis
thursday: jeudi, jeudis
friday: vendredi, vendredis
saturday: samedi, samedis
sunday: dimanche, dimanches
every day: tous les jours, par jour
every week: toutes les semaines, par semaine
every month: tous les mois, par mois
daily: quotidiennement
every: toutes les, tous les
tomorrow: demain
tonight: ce soir
yesterday: hier
in: d'ici
over: pendant, durant, sur une durée de
please: s'il te plaît, s'il vous plaît, svp, stp
thanks: merci
friend: ami, amie
network: réseau, chaîne
it: ça, cela, ceci
him: lui, elle, eux, elles, leur
me: moi
you: toi, vous, te, t'
someone: quelqu'un
ether: éther, ethers
what: quel, quelle, combien, quoi
is: est, sont
i: je, j', me, m', nous
want: veux, voudrais, veux bien, aimerais
times: fois
more: plus
once: une fois
maybe: peut - être
`,
	counts: `0 zéro, 1 un~ une~, 2 deux, 3 trois, 4 quatre, 5 cinq, 6 six, 7 sept, 8 huit, 9 neuf, 10 dix, 11 onze, 12 douze, 13 treize, 14 quatorze, 15 quinze, 16 seize,
		17 dix-sept, 18 dix-huit, 19 dix-neuf, 20 vingt vingts, 30 trente, 40 quarante, 50 cinquante, 60 soixante, 70 septante, 80 quatre-vingt quatre-vingts huitante octante,
		90 nonante, x100 cent cents, X1000 mille, X1000000 million millions`,
	form: numberForm{joiners: words(`et`), points: words(`virgule point`), halves: []string{"et demi", "et demie"}, vague: words(`quelques`)},
}).ready()
