namespace StemJepa;

/// <summary>A value for every shift of one recording against another. Immutable and thread-safe.</summary>
/// <param name="Values">At least one.</param>
/// <param name="First">The shift of the first value, in steps.</param>
/// <param name="Shared">Steps that both recordings share at each shift.</param>
/// <param name="Step">Seconds from one shift to the next.</param>
internal sealed record ShiftCurve(float[] Values, int First, int[] Shared, double Step)
{
    private const double Rounding = 1e-9;

    /// <summary>
    /// The value that stands out most above the mean of all, times what both share then: the values are means over that time, and what
    /// counts for a shift is the sum, since a mean over a short time is often high by chance. The first of several.
    /// </summary>
    public int Best
    {
        get
        {
            double mean = Mean, most = double.NegativeInfinity;
            int best = 0;
            for (int i = 0; i < Values.Length; i++)
            {
                double evidence = (Values[i] - mean) * Shared[i];
                if (evidence > most)
                    (best, most) = (i, evidence);
            }
            return best;
        }
    }

    private double Mean => Values.Average(value => (double)value);

    /// <summary>The shift of a value, in seconds.</summary>
    public double SecondsOf(int index) => (First + index) * Step;

    /// <summary>The value whose shift is nearest.</summary>
    public int Nearest(double seconds) => Math.Clamp((int)Math.Round(seconds / Step) - First, 0, Values.Length - 1);

    /// <summary>How far a value is above the mean of all, in standard deviations; 0 if all are equal.</summary>
    public double Sharpness(int index)
    {
        double mean = Mean, deviation = Math.Sqrt(Values.Average(value => (value - mean) * (value - mean)));
        return deviation > Rounding ? (Values[index] - mean) / deviation : 0;
    }

    /// <summary>Some of the values, the last included.</summary>
    public ShiftCurve Between(int from, int to) => new(Values[from..(to + 1)], First + from, Shared[from..(to + 1)], Step);

    /// <summary>
    /// The values whose shifts are no farther than so many seconds, either way, as the first and the last; where there are none, the
    /// nearest.
    /// </summary>
    public (int From, int To) Within(double seconds)
    {
        int farthest = (int)Math.Min(int.MaxValue / 2, seconds / Step + Rounding), last = Values.Length - 1;
        return (Math.Clamp(-farthest - First, 0, last), Math.Clamp(farthest - First, 0, last));
    }
}
