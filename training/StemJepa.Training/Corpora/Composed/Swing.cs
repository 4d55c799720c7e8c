namespace StemJepa.Training.Corpora;

/// <summary>Hears how an accompaniment divides its pulses. Thread-safe.</summary>
public static class Swing
{
    private const double Half = 0.5, Third = 2 / 3.0, Tolerance = 0.045, Clearly = 1.2;

    /// <summary>Thirds if the time signature says so, or if more notes begin two thirds after a pulse than half after it.</summary>
    public static PulseDivision Of(MidiSong song, Groove groove)
    {
        if (groove.IsCompound) return PulseDivision.Thirds;
        double pulse = (double)groove.PulseBeats * song.TicksPerQuarter;
        int CountNear(double place) => song.Notes.Count(n => Math.Abs(n.Start % pulse / pulse - place) < Tolerance);
        return CountNear(Third) > Clearly * CountNear(Half) ? PulseDivision.Thirds : PulseDivision.Even;
    }
}
