namespace StemJepa.Tool.Output;

/// <summary>What <c>stemjepa index --json</c> prints.</summary>
/// <param name="Catalogue">The catalogue, as given; without user and password.</param>
/// <param name="Indexed">Recordings that were listened to.</param>
/// <param name="Unchanged">Recordings that the catalogue had already.</param>
/// <param name="Recordings">Recordings in the catalogue now.</param>
/// <param name="Skipped">The files that could not be read.</param>
internal sealed record IndexReport(string Catalogue, int Indexed, int Unchanged, int Recordings, IReadOnlyList<SkippedFile> Skipped);
