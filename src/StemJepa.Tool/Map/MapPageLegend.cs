namespace StemJepa.Tool.Map;

/// <summary>One colour of a map's page and its meaning.</summary>
/// <param name="By">What the map is then coloured by: <c>stem</c>, <c>key</c> or <c>tempo</c>.</param>
/// <param name="Name">The meaning.</param>
/// <param name="Colour">The colour, <c>#rrggbb</c>.</param>
internal sealed record MapPageLegend(string By, string Name, string Colour);
