"""The words that the demo's invented companies, people and projects are made of. Nobody here exists."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A city, its region with its code, and how often prospects come from there."""

    city: str
    region: str
    code: str
    weight: int


class Country(NamedTuple):
    """A country with its telephone numbers (``#`` is a digit) and street words."""

    name: str
    code: str
    prefix: int
    phone: str
    street: str
    weight: int
    places: tuple[Place, ...]


COUNTRIES = (
    Country(
        "Chile",
        "CL",
        56,
        "+56 9 #### ####",
        "Avenida",
        60,
        (
            Place("Santiago", "Metropolitana", "RM", 8),
            Place("Ñuñoa", "Metropolitana", "RM", 3),
            Place("Maipú", "Metropolitana", "RM", 3),
            Place("Viña del Mar", "Valparaíso", "VS", 4),
            Place("Concepción", "del Bíobío", "BI", 3),
            Place("Temuco", "de la Araucanía", "AR", 2),
            Place("La Serena", "Coquimbo", "CO", 2),
            Place("Chillán", "de Ñuble", "NB", 1),
            Place("Puerto Montt", "de los Lagos", "LL", 2),
        ),
    ),
    Country(
        "Perú",
        "PE",
        51,
        "+51 9## ### ###",
        "Jirón",
        22,
        (
            Place("Lima", "Lima", "LIM", 6),
            Place("Miraflores", "Lima", "LIM", 3),
            Place("Arequipa", "Arequipa", "ARE", 3),
            Place("Trujillo", "La Libertad", "LAL", 2),
            Place("Cusco", "Cusco", "CUS", 2),
        ),
    ),
    Country(
        "España",
        "ES",
        34,
        "+34 6## ### ###",
        "Calle",
        18,
        (
            Place("Madrid", "Madrid", "M", 4),
            Place("Alcalá de Henares", "Madrid", "M", 1),
            Place("Valencia", "València (Valencia)", "V", 3),
            Place("Málaga", "Málaga", "MA", 2),
            Place("A Coruña", "A Coruña (La Coruña)", "C", 1),
        ),
    ),
)

BUSINESSES = (
    *("Hotel", "Hostería", "Viña", "Agrícola", "Constructora", "Inmobiliaria"),
    *("Colegio", "Clínica", "Condominio", "Club", "Parque", "Paisajismo"),
    *("Restaurante", "Bodega", "Municipalidad de", "Universidad", "Frutícola", "Cafetería"),
    *("Centro Médico", "Hacienda"),
)

NAMES = (
    *("Los Arrayanes", "El Quillay", "Peñalolén", "Mirador del Valle", "Santa Lucía", "Ñandú"),
    *("Los Cóndores", "La Araucaria", "San Ramón", "El Algarrobo", "Puerto Claro", "Cordillera"),
    *("Valle Hermoso", "Las Camelias", "Monteverde", "El Peumo", "Río Bueno", "Altamira"),
    *("Bellavista", "Los Jazmines", "La Campiña", "Tres Álamos", "Mar Azul", "El Ceibo"),
    *("Costa Brava", "San Íñigo", "La Encina", "Buganvilia", "Quebrada Honda", "Villa Serena"),
    *("Del Carmen", "Miraluz", "Agua Santa", "Los Notros", "Piedra Roja", "El Manantial"),
    *("Santa Águeda", "La Pérgola", "Cruz del Sur", "Los Naranjos"),
)

PROJECTS = (
    *(
        "Jardín vertical",
        "Riego tecnificado",
        "Mantención anual de jardines",
        "Cubierta vegetal",
        "Arborización",
        "Suministro de plantas",
    ),
    *(
        "Diseño de paisaje",
        "Cerco vivo",
        "Césped y áreas verdes",
        "Huerto orgánico",
        "Vivero propio",
        "Recambio de especies",
    ),
    *("Invernadero", "Decoración con plantas", "Patio interior"),
)

FIRST_NAMES = (
    *("María José", "Andrés", "Sofía", "Íñigo", "Valentina", "Joaquín"),
    *("Belén", "Óscar", "Rocío", "Tomás", "Ximena", "Raúl"),
    *("Lucía", "Nicolás", "Verónica", "Ángel", "Daniela", "Matías"),
    *("Begoña", "Héctor", "Paula", "Martín"),
)

LAST_NAMES = (
    *("Muñoz", "Núñez", "Quispe", "Fernández", "Peña", "Gutiérrez"),
    *("Huamán", "Ibáñez", "Sepúlveda", "Yáñez", "Araya", "Castañeda"),
    *("Ríos", "Zúñiga", "Mamani", "Echeverría", "Salgado", "Vergara"),
    *("Cárdenas", "López", "Álvarez"),
)

JOBS = (*("Gerente general", "Jefa de compras", "Administrador", "Arquitecta", "Encargado de mantención", "Directora"),)
