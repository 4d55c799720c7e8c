using System.Text.Json.Serialization;

namespace StemJepa.Training.Corpora;

/// <summary>A part: MIDI channel 1..16, its track's name, the General MIDI program (0..127) that it is written for, and the one it is played with.</summary>
public sealed record PartRecord(int Channel, string Track, int Program, int PlayedWith)
{
    /// <summary>Name of the soundfont that plays it, where it is not the song's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Soundfont { get; init; }

    /// <summary>The preset of that soundfont, bank:program.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Preset { get; init; }
}
