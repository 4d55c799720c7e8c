namespace StemJepa.Training.Evaluation;

/// <summary>Reads a data set in the layout in which it is distributed. Stateless.</summary>
internal interface IProbeDataSet
{
    /// <summary>The name in reports.</summary>
    string Name { get; }

    /// <summary>The tasks that it has labels for.</summary>
    IReadOnlyList<string> Tasks { get; }

    /// <summary>Whether a folder has this layout.</summary>
    bool Recognises(string folder);

    /// <summary>Lists the recordings of all splits with their labels; audio is read later.</summary>
    /// <exception cref="StemJepaException">A file that the layout promises is missing or damaged, or there is nothing to train or to validate on.</exception>
    ProbeData Read(ProbeRequest request);
}
