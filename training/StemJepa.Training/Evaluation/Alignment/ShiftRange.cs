namespace StemJepa.Training.Evaluation;

/// <summary>The shifts that an alignment searches: <see cref="StemAlignment.Step"/> apart.</summary>
/// <param name="First">The first, in seconds.</param>
/// <param name="Count">How many they are.</param>
internal readonly record struct ShiftRange(double First, int Count)
{
    public double Last => First + (Count - 1) * StemAlignment.Step;

    /// <summary>All of them, in seconds.</summary>
    public IEnumerable<double> All
    {
        get
        {
            for (int i = 0; i < Count; i++)
                yield return First + i * StemAlignment.Step;
        }
    }
}
