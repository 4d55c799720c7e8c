using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>The figures of the songs that people wrote (<see cref="RetrievalQuery.IsReal"/>), ranked among themselves only.</summary>
internal sealed record RealSongsFigures
{
    [JsonPropertyName("songs")]
    public required int Songs { get; init; }

    /// <summary>By the method's name.</summary>
    [JsonPropertyName("methods")]
    public required IReadOnlyDictionary<string, RetrievalResult> Methods { get; init; }

    /// <summary>Figures of the real songs minus those of all songs, by the method's name. The two rank among different numbers of stems.</summary>
    [JsonPropertyName("gap")]
    public required IReadOnlyDictionary<string, RetrievalFigures> Gap { get; init; }

    /// <summary>The section; null if no song is real.</summary>
    public static RealSongsFigures? Of(IReadOnlyList<MeasuredMethod> methods)
    {
        MeasuredMethod[] measured = [.. methods.Where(method => method.Real is not null)];
        return measured.Length == 0 ? null : new RealSongsFigures
        {
            Songs = measured[0].Real!.Songs,
            Methods = measured.ToDictionary(method => method.Name, method => method.Real!),
            Gap = measured.ToDictionary(method => method.Name, method => method.Real!.All.Less(method.All.All)),
        };
    }
}
