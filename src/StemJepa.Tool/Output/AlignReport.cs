namespace StemJepa.Tool.Output;

/// <summary>What <c>stemjepa align --json</c> prints.</summary>
/// <param name="BestShift">How much later than the mix the candidate is to start, in seconds; negative: earlier.</param>
/// <param name="Affinity">The affinity at that shift, -1..1.</param>
/// <param name="Sharpness">How far it stands out, in standard deviations over all shifts.</param>
/// <param name="Stem">The missing stem's name.</param>
/// <param name="Mix">The mix, as given.</param>
/// <param name="Candidate">The candidate, as given.</param>
/// <param name="FirstShift">The shift of both curves' first values, in seconds.</param>
/// <param name="Step">Seconds from one affinity to the next.</param>
/// <param name="Curve">The affinity of every shift.</param>
/// <param name="CorrelationStep">Seconds from one correlation to the next.</param>
/// <param name="CorrelationCurve">How well harmony, spectrum and onsets move together at every shift, about -1..1.</param>
/// <param name="Picture">Where the curves were drawn, if that was asked for.</param>
internal sealed record AlignReport(
    double BestShift, float Affinity, double Sharpness, string Stem, string Mix, string Candidate, double FirstShift, double Step,
    IReadOnlyList<float> Curve, double CorrelationStep, IReadOnlyList<float> CorrelationCurve, string? Picture);
