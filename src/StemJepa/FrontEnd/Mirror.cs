namespace StemJepa;

/// <summary>
/// The continuation of a recording beyond its ends: mirrored at its first and last sample, which are not repeated, as often as it takes
/// (NumPy's "reflect"; a single sample continues as a constant).
/// </summary>
internal static class Mirror
{
    /// <summary>
    /// Fills <paramref name="destination"/> with what the recording holds from place <paramref name="start"/>, which may lie before its
    /// first or after its last sample.
    /// </summary>
    public static void Copy(ReadOnlySpan<float> recording, long start, Span<float> destination)
    {
        int before = (int)Math.Clamp(-start, 0, destination.Length);
        int inside = (int)Math.Clamp(recording.Length - start - before, 0, destination.Length - before);
        Reflect(recording, start, destination[..before]);
        if (inside > 0)
            recording.Slice((int)(start + before), inside).CopyTo(destination[before..]);
        Reflect(recording, start + before + inside, destination[(before + inside)..]);
    }

    private static void Reflect(ReadOnlySpan<float> recording, long start, Span<float> destination)
    {
        int last = recording.Length - 1;
        long period = Math.Max(2L * last, 1);
        for (int i = 0; i < destination.Length; i++)
        {
            long place = ((start + i) % period + period) % period;
            destination[i] = recording[(int)(place <= last ? place : period - place)];
        }
    }
}
