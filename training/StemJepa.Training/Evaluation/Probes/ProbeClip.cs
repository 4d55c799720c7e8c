namespace StemJepa.Training.Evaluation;

/// <summary>A recording of a data set with its label.</summary>
/// <param name="Name">Name within the data set.</param>
/// <param name="Group">What must stay in one split: the song of which this is a variant, a stem or a part; else the name.</param>
/// <param name="Split">Where it belongs.</param>
/// <param name="Label">What is to be known from it.</param>
/// <param name="Load">Reads the audio.</param>
internal sealed record ProbeClip(string Name, string Group, ProbeSplit Split, ProbeLabel Label, Func<AudioClip> Load);
