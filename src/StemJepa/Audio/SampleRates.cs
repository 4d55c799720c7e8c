namespace StemJepa;

/// <summary>The sample rates that the library takes.</summary>
internal static class SampleRates
{
    public const int Lowest = 8000;
    public const int Highest = 192000;

    public static bool IsSupported(long sampleRate) => sampleRate is >= Lowest and <= Highest;

    public static void Check(int sampleRate, string argument)
    {
        if (!IsSupported(sampleRate))
            throw new ArgumentOutOfRangeException(argument, sampleRate, $"Expected a sample rate of {Lowest} to {Highest} Hz.");
    }
}
