using System.Collections.Frozen;

namespace StemJepa.Training.Corpora;

/// <summary>Maps the classes of a finer taxonomy to the four stems. Case is ignored; underscores are spaces. Thread-safe.</summary>
internal sealed class StemTaxonomy
{
    /// <summary>
    /// MoisesDB's stems (Pereira et al., ISMIR 2023, table 1). Its own reduction to four stems puts percussion into <c>other</c>; here
    /// percussion belongs to the drums, as in MUSDB18, except pitched percussion.
    /// </summary>
    public static readonly StemTaxonomy MoisesDb = new(
        (Stem.Vocals, ["vocals"]),
        (Stem.Bass, ["bass"]),
        (Stem.Drums, ["drums", "percussion"]),
        (Stem.Other, ["guitar", "piano", "other keys", "bowed strings", "wind", "other plucked", "pitched percussion", "other"]));

    /// <summary>
    /// Slakh2100's <c>inst_class</c>: the families of General MIDI, and drums. It has no voices: the role <c>vocals</c> is the synthesiser
    /// lead, which most songs lack.
    /// </summary>
    public static readonly StemTaxonomy Slakh2100 = new(
        (Stem.Vocals, ["Synth Lead"]),
        (Stem.Bass, ["Bass"]),
        (Stem.Drums, [DrumKit, "Percussive"]),
        (Stem.Other,
        [
            "Piano", "Chromatic Percussion", "Organ", "Guitar", "Strings", "Strings (continued)", "Brass", "Reed", "Pipe", "Synth Pad",
            "Sound Effects", "Ethnic",
        ]));

    /// <summary>Slakh2100's class of drum kits.</summary>
    public const string DrumKit = "Drums";

    private readonly FrozenDictionary<string, Stem> _stems;

    private StemTaxonomy(params (Stem Stem, string[] Classes)[] table) =>
        _stems = table.SelectMany(row => row.Classes, (row, name) => KeyValuePair.Create(name, row.Stem))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the stem of a class; <see cref="Stem.Other"/>, with a warning, if the class is not in the table.</summary>
    public Stem StemOf(string name, ReadingWarnings warnings)
    {
        if (_stems.TryGetValue(name.Replace('_', ' '), out Stem stem))
            return stem;
        warnings.UnknownClass(name);
        return Stem.Other;
    }
}
