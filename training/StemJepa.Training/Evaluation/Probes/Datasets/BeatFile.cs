using System.Globalization;

namespace StemJepa.Training.Evaluation;

/// <summary>Annotations of beats as lines of text: seconds first, then whatever else.</summary>
internal static class BeatFile
{
    /// <summary>The beats in seconds, ascending.</summary>
    /// <exception cref="StemJepaException">A line does not begin with a time.</exception>
    public static IReadOnlyList<double> Read(string path)
    {
        var beats = new List<double>();
        foreach (string line in File.ReadLines(path).Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            if (!double.TryParse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture, out double seconds) || !(seconds >= 0))
                throw new StemJepaException($"{path}: line {beats.Count + 1} does not begin with a time in seconds; take the annotation from the data set again.");
            beats.Add(seconds);
        }
        beats.Sort();
        return beats;
    }
}
