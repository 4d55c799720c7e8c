namespace StemJepa.Training.Corpora;

/// <summary>A groove of mma's library that has drums, a bass and other parts, as it was heard when it was tried.</summary>
/// <param name="File">Its file, such as "stdlib/bossanova".</param>
/// <param name="Name">Its name, such as "BossaNovaSus".</param>
/// <param name="BarBeats">mma's beats in a bar; a beat is a quarter note of the MIDI file.</param>
/// <param name="IsCompound">True where the pulse is divided by three in the time signature (6/8, 12/8).</param>
public sealed record Groove(string File, string Name, int BarBeats, bool IsCompound)
{
    /// <summary>mma's name for it in a Groove line, which says the file, since names are not unique.</summary>
    public string FullName => $"{File}:{Name}";

    /// <summary>What a listener taps, in mma's beats: 6/8 in six beats has two pulses of three beats, all else one pulse a beat.</summary>
    public int PulseBeats => IsCompound && BarBeats == 6 ? 3 : 1;

    /// <summary>Pulses in a bar.</summary>
    public int BarPulses => BarBeats / PulseBeats;

    /// <summary>The time signature.</summary>
    public string Metre => IsCompound ? $"{3 * BarPulses}/8" : $"{BarBeats}/4";

    /// <summary>The kind of music.</summary>
    public GenreFamily Family => GenreFamilies.Of(File, Name);
}
