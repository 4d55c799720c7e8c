namespace StemJepa.Tool.Output;

/// <summary>One query of the demo.</summary>
/// <param name="Song">The song that lost a stem.</param>
/// <param name="Stem">The stem that was taken out.</param>
/// <param name="Rank">Where the true stem landed among the stems of the same kind of all songs, from 1.</param>
/// <param name="Best">The song whose stem came first.</param>
internal sealed record DemoResult(string Song, string Stem, int Rank, string Best);
