using System.Globalization;
using ScottPlot;
using StemJepa.Tool.Indexing;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Map;

/// <summary>The colours of a map's points, and what they mean.</summary>
internal sealed class MapPalette
{
    private const string Unknown = "unknown", UnknownColour = "#b0b0b0";
    private const int Tonics = 12, Fifth = 7, TempoSteps = 5;

    private static readonly string[] StemColours = ["#d62728", "#1f77b4", "#2ca02c", "#ff9e1b"];

    private readonly double _slowest, _fastest;

    public MapPalette(IReadOnlyCollection<MappedRecording> recordings)
    {
        double[] tempi = [.. recordings.Select(recording => recording.Hints.Tempo).OfType<double>()];
        (_slowest, _fastest) = tempi.Length == 0 ? (0, 0) : (tempi.Min(), tempi.Max());
    }

    /// <summary>The colour of a recording, <c>#rrggbb</c>.</summary>
    public string Of(MappedRecording recording, MapColour by) => by switch
    {
        MapColour.Stem => recording.Hints.Stem is { IsRole: true } stem ? StemColours[stem.Role] : UnknownColour,
        MapColour.Key => recording.Hints.Key is { } key ? OfKey(key) : UnknownColour,
        _ => recording.Hints.Tempo is { } tempo ? OfTempo(tempo) : UnknownColour,
    };

    /// <summary>What the colours of some recordings mean.</summary>
    public IReadOnlyList<(string Name, string Colour)> Legend(IReadOnlyCollection<MappedRecording> recordings, MapColour by)
    {
        IEnumerable<(string, string)> known = by switch
        {
            MapColour.Stem => recordings.Select(recording => recording.Hints.Stem).OfType<Stem>().Distinct().Order()
                .Select(stem => (stem.Name, stem.IsRole ? StemColours[stem.Role] : UnknownColour)),
            MapColour.Key => recordings.Select(recording => recording.Hints.Key).OfType<MusicalKey>().Distinct()
                .OrderBy(Place).ThenBy(key => key.IsMinor).Select(key => (key.ToString(), OfKey(key))),
            _ when _fastest > 0 => Enumerable.Range(0, TempoSteps)
                .Select(step => _slowest + (_fastest - _slowest) * step / (TempoSteps - 1))
                .Select(tempo => (string.Create(CultureInfo.InvariantCulture, $"{tempo:0} bpm"), OfTempo(tempo))).Distinct(),
            _ => [],
        };
        bool anyUnknown = recordings.Any(recording => by switch
        {
            MapColour.Stem => recording.Hints.Stem is null,
            MapColour.Key => recording.Hints.Key is null,
            _ => recording.Hints.Tempo is null,
        });
        return [.. known, .. anyUnknown ? [(Unknown, UnknownColour)] : Array.Empty<(string, string)>()];
    }

    /// <summary>Neighbours on the circle of fifths have neighbouring hues; a minor key has its relative major's, darker.</summary>
    private static string OfKey(MusicalKey key) =>
        Color.FromHSL((float)Place(key) / Tonics, 0.65f, key.IsMinor ? 0.36f : 0.58f).ToHex()[..7].ToLowerInvariant();

    private static int Place(MusicalKey key)
    {
        const int relativeMajor = 3;
        return (key.Tonic + (key.IsMinor ? relativeMajor : 0)) % Tonics * Fifth % Tonics;
    }

    private string OfTempo(double tempo) =>
        new ScottPlot.Colormaps.Viridis().GetColor(_fastest > _slowest ? (tempo - _slowest) / (_fastest - _slowest) : 0.5)
            .ToHex()[..7].ToLowerInvariant();
}

/// <summary>What the points of a map are coloured by.</summary>
internal enum MapColour
{
    /// <summary>The stem that a recording is.</summary>
    Stem,

    /// <summary>Its key.</summary>
    Key,

    /// <summary>Its tempo.</summary>
    Tempo,
}

/// <summary>A recording before it has its place on a map.</summary>
/// <param name="File">The recording's path.</param>
/// <param name="Embedding">Its embedding.</param>
/// <param name="Hints">Stem, tempo and key: from its name, or else from the model.</param>
/// <param name="Sound">An excerpt as WAV; null for a map without sound.</param>
internal sealed record MappedRecording(string File, StemEmbedding Embedding, NameHints Hints, byte[]? Sound);
