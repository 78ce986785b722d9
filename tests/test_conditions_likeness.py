"""Names that may be one are suggested, and names of real vocabularies that are not stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.conditions.likeness import alike, plain

CHILE = """
Santiago; Providencia; Las Condes; Vitacura; Ñuñoa; La Reina; La Florida; Puente Alto; Maipú; Quilicura; Colina;
Lampa; Pudahuel; Cerrillos; Cerro Navia; Renca; Recoleta; Independencia; Conchalí; Huechuraba; Lo Barnechea;
Lo Prado; Lo Espejo; Pedro Aguirre Cerda; San Miguel; San Joaquín; San Ramón; La Granja; La Pintana; El Bosque;
La Cisterna; Macul; Peñalolén; Peñaflor; Padre Hurtado; Padre Las Casas; Buin; Paine; Pirque; San Bernardo;
San José de Maipo; Talagante; Melipilla; Curacaví; María Pinto; Alhué; San Pedro; Isla de Maipo; El Monte;
Til Til; Valparaíso; Viña del Mar; Concón; Quilpué; Villa Alemana; Limache; Olmué; Quillota; La Cruz; La Calera;
Nogales; Hijuelas; San Antonio; Cartagena; El Tabo; El Quisco; Algarrobo; Santo Domingo; Los Andes; San Esteban;
Calle Larga; Rinconada; San Felipe; Putaendo; Santa María; Panquehue; Llaillay; Catemu; La Ligua; Cabildo;
Papudo; Zapallar; Petorca; Puchuncaví; Quintero; Casablanca; Juan Fernández; Isla de Pascua; Arica; Putre;
Camarones; General Lagos; Iquique; Alto Hospicio; Pozo Almonte; Pica; Huara; Colchane; Camiña; Antofagasta;
Mejillones; Sierra Gorda; Taltal; Calama; Ollagüe; San Pedro de Atacama; Tocopilla; María Elena; Copiapó;
Caldera; Tierra Amarilla; Chañaral; Diego de Almagro; Vallenar; Freirina; Huasco; Alto del Carmen; La Serena;
Coquimbo; Andacollo; La Higuera; Paihuano; Vicuña; Ovalle; Combarbalá; Monte Patria; Punitaqui; Río Hurtado;
Illapel; Canela; Los Vilos; Salamanca; Rancagua; Codegua; Coinco; Coltauco; Doñihue; Graneros; Las Cabras;
Machalí; Malloa; Mostazal; Olivar; Peumo; Pichidegua; Quinta de Tilcoco; Rengo; Requínoa; San Vicente;
Pichilemu; La Estrella; Litueche; Marchigüe; Navidad; Paredones; San Fernando; Chépica; Chimbarongo; Lolol;
Nancagua; Palmilla; Peralillo; Placilla; Pumanque; Santa Cruz; Talca; Constitución; Curepto; Empedrado; Maule;
Pelarco; Pencahue; Río Claro; San Clemente; San Rafael; Cauquenes; Chanco; Pelluhue; Curicó; Hualañé; Licantén;
Molina; Rauco; Romeral; Sagrada Familia; Teno; Vichuquén; Linares; Colbún; Longaví; Parral; Retiro; San Javier;
Villa Alegre; Yerbas Buenas; Chillán; Chillán Viejo; Bulnes; Cobquecura; Coelemu; Coihueco; El Carmen; Ninhue;
Ñiquén; Pemuco; Pinto; Portezuelo; Quillón; Quirihue; Ránquil; San Carlos; San Fabián; San Ignacio; San Nicolás;
Treguaco; Yungay; Concepción; Coronel; Chiguayante; Florida; Hualqui; Lota; Penco; San Pedro de la Paz;
Santa Juana; Talcahuano; Tomé; Hualpén; Lebu; Arauco; Cañete; Contulmo; Curanilahue; Los Álamos; Tirúa;
Los Ángeles; Antuco; Cabrero; Laja; Mulchén; Nacimiento; Negrete; Quilaco; Quilleco; San Rosendo; Santa Bárbara;
Tucapel; Yumbel; Alto Biobío; Temuco; Carahue; Cunco; Curarrehue; Freire; Galvarino; Gorbea; Lautaro; Loncoche;
Melipeuco; Nueva Imperial; Perquenco; Pitrufquén; Pucón; Saavedra; Teodoro Schmidt; Toltén; Vilcún; Villarrica;
Cholchol; Angol; Collipulli; Curacautín; Ercilla; Lonquimay; Los Sauces; Lumaco; Purén; Renaico; Traiguén;
Victoria; Valdivia; Corral; Lanco; Los Lagos; Máfil; Mariquina; Paillaco; Panguipulli; La Unión; Futrono;
Lago Ranco; Río Bueno; Osorno; Puerto Octay; Purranque; Puyehue; Río Negro; San Juan de la Costa; San Pablo;
Puerto Montt; Calbuco; Cochamó; Fresia; Frutillar; Los Muermos; Llanquihue; Maullín; Puerto Varas; Castro;
Ancud; Chonchi; Curaco de Vélez; Dalcahue; Puqueldón; Queilén; Quellón; Quemchi; Quinchao; Chaitén; Futaleufú;
Hualaihué; Palena; Coyhaique; Lago Verde; Aysén; Cisnes; Guaitecas; Cochrane; O'Higgins; Tortel; Chile Chico;
Río Ibáñez; Punta Arenas; Laguna Blanca; San Gregorio; Cabo de Hornos; Porvenir; Primavera; Timaukel; Natales;
Torres del Paine
"""
PERU = """
Lima; Callao; Ancón; Ate; Barranco; Breña; Carabayllo; Chaclacayo; Chorrillos; Cieneguilla; Comas; El Agustino;
Independencia; Jesús María; La Molina; La Victoria; Lince; Los Olivos; Lurigancho; Lurín; Magdalena del Mar;
Miraflores; Pachacámac; Pucusana; Pueblo Libre; Puente Piedra; Punta Hermosa; Punta Negra; Rímac; San Bartolo;
San Borja; San Isidro; San Juan de Lurigancho; San Juan de Miraflores; San Luis; San Martín de Porres;
San Miguel; Santa Anita; Santa María del Mar; Santa Rosa; Santiago de Surco; Surquillo; Villa El Salvador;
Villa María del Triunfo; Bellavista; Carmen de la Legua; La Perla; La Punta; Ventanilla; Mi Perú; Arequipa;
Cayma; Cerro Colorado; Cusco; Trujillo; Chiclayo; Piura; Sullana; Talara; Paita; Iquitos; Pucallpa; Tarapoto;
Moyobamba; Cajamarca; Huancayo; Huánuco; Ayacucho; Ica; Chincha; Pisco; Nazca; Tacna; Moquegua; Ilo; Puno;
Juliaca; Abancay; Chimbote; Nuevo Chimbote; Huaraz; Barranca; Huacho; Huaral; Tumbes; Cerro de Pasco; Jaén;
Lambayeque; Ferreñafe; Chancay
"""
SPAIN = """
Madrid; Barcelona; Valencia; Sevilla; Zaragoza; Málaga; Murcia; Palma; Las Palmas de Gran Canaria; Bilbao;
Alicante; Córdoba; Valladolid; Vigo; Gijón; L'Hospitalet de Llobregat; A Coruña; Vitoria-Gasteiz; Granada;
Elche; Oviedo; Badalona; Cartagena; Terrassa; Jerez de la Frontera; Sabadell; Móstoles; Santa Cruz de Tenerife;
Pamplona; Almería; Alcalá de Henares; Leganés; Fuenlabrada; San Sebastián; Getafe; Burgos; Santander; Albacete;
Castellón de la Plana; Alcorcón; San Cristóbal de La Laguna; Logroño; Badajoz; Salamanca; Huelva; Marbella;
Lleida; Tarragona; Dos Hermanas; Torrejón de Ardoz; Parla; Mataró; León; Algeciras; Santa Coloma de Gramenet;
Alcobendas; Cádiz; Jaén; Ourense; Reus; Telde; Barakaldo; Girona; Santiago de Compostela; Lugo; Roquetas de Mar;
Cáceres; Las Rozas de Madrid; San Fernando; Lorca; Rivas-Vaciamadrid; San Sebastián de los Reyes; Cornellà;
Melilla; Toledo; Pozuelo de Alarcón; Ceuta; El Puerto de Santa María; Coslada; Guadalajara; Torrevieja;
Talavera de la Reina; Palencia; Avilés; Chiclana de la Frontera; Getxo; Rubí; Manresa; Ferrol; Ponferrada;
Torrent; Orihuela; Gandia; Benidorm; Mérida; Ávila; Segovia; Cuenca; Huesca; Teruel; Soria; Zamora;
Villanueva de la Serena; Don Benito; Torremolinos; Fuengirola; Mijas; Estepona; Arganda del Rey
"""
WORDS = """
Referido; Feria; Sitio web; Campaña correo; Llamada; Google; Google Ads; Facebook; Facebook Ads; Instagram;
LinkedIn; WhatsApp; Visita; Cotización; Boca a boca; Recomendación; Cliente actual; Cliente perdido;
Cliente nuevo; Cliente potencial; Prospecto; Mayorista; Minorista; Distribuidor; Distribuidor autorizado; Hotel;
Hotel boutique; Hostal; Restaurante; Restaurante vegano; Cafetería; Café; Café de especialidad; Retail;
Supermercado; Oficina; Coworking; Universidad; Colegio; Clínica; Constructora; Inmobiliaria; Minería; Agrícola;
Jardinería; Riego; VIP; No llamar; Moroso; Nivel 1; Nivel 2; Nivel 3; A; B; C; Alto; Medio; Bajo; Muy alto;
Urgente; Frío; Tibio; Caliente; 2024; 2025; Feria 2024; Feria 2025; Expo Hotel; Expo Café; Calificado;
Propuesta; Negociación; Ganado; Gerente general; Gerente comercial; Gerente de operaciones; Jefe de compras;
Jefa de compras; Dueño; Dueña; Administrador; Administración; Asistente; Encargado; Encargada de compras; Chef;
Barista; Socio; Socia; Zona norte; Zona sur; Zona centro; Empresa grande; Empresa mediana; Empresa pequeña;
Persona; Particular; Alimentos; Alimentación; Bebidas; Vino; Cerveza; Software; Servicios;
Servicios financieros; Servicio técnico; Salud; Educación; Educación superior; Gobierno; Gobierno local;
Turismo; Transporte; Logística; Consultoría; Arquitectura; Interés en leasing; Interesado en maquinaria;
Interesado en capacitación; Maquinaria; Molinos; Granos; Máquinas espresso; Arriendo; Compra; Descafeinado;
Orgánico; Fair trade; Lista de espera; Contactado; Sin respuesta; Norte; Sur; Este; Oeste; Norte Chico;
Norte Grande; C++; C; C#; Plan A; Plan B; Canal directo; Canal indirecto; Sector público; Sector privado; Horeca
"""


def names(text: str) -> list[str]:
    return [name.strip() for name in text.split(";")]


@pytest.mark.parametrize("name", ["VIP", "vip ", "V.I.P.", "Vip", "v-i-p", "ＶＩＰ"])
def test_ways_to_write_one_name(name: str) -> None:
    assert plain(name) == "vip"


@pytest.mark.parametrize(("one", "other"), [("C", "C++"), ("Nivel 1", "Nivel 2"), ("A", "Á1"), ("5 %", "5")])
def test_names_that_are_two(one: str, other: str) -> None:
    assert alike([one, other]) == ()


def test_groups_come_in_order_and_without_repetition() -> None:
    names = ["Jardinería", "VIP", "Riego", "vip ", "jardineria", "VIP", "★", "☆"]
    assert alike(names) == (("Jardinería", "jardineria"), ("VIP", "vip "))


@pytest.mark.parametrize("vocabulary", [CHILE, PERU])
def test_no_place_of_a_country_is_taken_for_another(vocabulary: str) -> None:
    assert alike(names(vocabulary), places=True) == ()


def test_of_the_places_of_spain_two_are_asked_about() -> None:
    assert alike(names(SPAIN), places=True) == (("San Sebastián", "San Sebastián de los Reyes"),)


def test_tags_sources_trades_and_posts_stay_apart() -> None:
    assert alike(names(WORDS)) == ()


PLACES = [
    ("Santiago", "Stgo"),
    ("Santiago", "STGO."),
    ("Santiago", "Santiago de Chile"),
    ("Santiago", "Stgo Centro"),
    ("Valparaíso", "Valpo"),
    ("Valparaíso", "Región de Valparaíso"),
    ("Viña del Mar", "Viña"),
    ("Ñuñoa", "Nunoa"),
    ("Puerto Montt", "Pto. Montt"),
    ("Punta Arenas", "Pta Arenas"),
    ("Lima", "Lima, Perú"),
    ("Lima", "Lima Metropolitana"),
    ("Cusco", "Cuzco"),
    ("San Juan de Lurigancho", "SJL"),
    ("Magdalena del Mar", "Magdalena"),
    ("Barcelona", "Bcn"),
    ("Vitoria", "Vitoria-Gasteiz"),
    ("La Coruña", "A Coruña"),
    ("Lérida", "Lleida"),
    ("Palma", "Palma de Mallorca"),
]


@pytest.mark.parametrize(("one", "other"), PLACES)
def test_ways_to_write_one_place(one: str, other: str) -> None:
    assert alike([one, other, "Otra"], places=True) == ((one, other),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Feria", "Ferias"),
        ("Hotel", "Hoteles"),
        ("Red social", "Redes sociales"),
        ("Red social", "RRSS"),
        ("Hoteles y restaurantes", "Hotel & Restaurante"),
        ("Sitio web", "Web"),
        ("Página web", "Sitio Web"),
        ("Clientes VIP", "V.I.P."),
        ("E-mail", "Correo electrónico"),
        ("WhatsApp", "wsp"),
        ("Gerente General", "Gte. General"),
        ("Stgo", "Santiago"),
        ("Lead", "Leads"),
    ],
)
def test_ways_to_say_one_thing(one: str, other: str) -> None:
    assert alike([one, other, "Otra"]) == ((one, other),)
    assert alike([one, other], meaning=False) == ()


def test_a_place_inside_another_is_asked_about_where_it_is_one_alone() -> None:
    assert alike(["San Pedro", "San Pedro de la Paz"], places=True)
    assert not alike(["San Pedro", "San Pedro de la Paz", "San Pedro de Atacama"], places=True)
    for telling in ("Chillán Viejo", "Chillán Norte", "Chillán 2"):
        assert not alike(["Chillán", telling], places=True)
    assert not alike(["Hotel", "Hotel boutique"])


def test_what_is_near_one_name_in_several_ways_is_one_group() -> None:
    held = ["Stgo", "Lima", "Santiago", "santiago ", "Santiago Centro", "Región Metropolitana", "RM"]
    assert alike(held, places=True) == (
        ("Stgo", "Santiago", "santiago ", "Santiago Centro"),
        ("Región Metropolitana", "RM"),
    )


@given(st.lists(st.text(max_size=20), max_size=30), st.booleans())
def test_a_name_is_in_one_group_at_most(held: list[str], places: bool) -> None:
    groups = alike(held, places=places)
    together = [name for group in groups for name in group]
    assert len(together) == len(set(together))
    assert set(together) <= set(held)
    assert all(len(group) > 1 for group in groups)
