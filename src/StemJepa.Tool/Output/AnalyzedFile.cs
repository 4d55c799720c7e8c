namespace StemJepa.Tool.Output;

/// <summary>One file of <c>stemjepa analyze</c>.</summary>
/// <param name="File">The recording, as given.</param>
/// <param name="Key">The likeliest key, such as <c>A minor</c>.</param>
/// <param name="KeyConfidence">Its probability among all keys, 0..1.</param>
/// <param name="Tempo">Beats a minute.</param>
/// <param name="Beats">The beats in seconds.</param>
/// <param name="Instrument">The likeliest family of instruments.</param>
/// <param name="InstrumentConfidence">Its probability among all families, 0..1.</param>
/// <param name="Silent">Whether nothing in the recording is audible, so that the rest says nothing.</param>
internal sealed record AnalyzedFile(
    string File, string Key, double KeyConfidence, double Tempo, IReadOnlyList<double> Beats, string Instrument, double InstrumentConfidence, bool Silent);
