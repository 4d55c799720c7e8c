namespace StemJepa.Training.Corpora;

/// <summary>A MIDI file as a Debian package ships it.</summary>
/// <param name="Name">The song's name in the corpus, unique: the collection and the file or lump.</param>
/// <param name="Package">Debian package.</param>
/// <param name="Version">Its version.</param>
/// <param name="Path">The installed file.</param>
/// <param name="Lump">The entry inside the file, or null where the file is the song.</param>
/// <param name="Licence">Short name of the licence in the package's copyright file.</param>
/// <param name="Bytes">The MIDI file, possibly gzipped.</param>
public sealed record MidiSource(string Name, string Package, string Version, string Path, string? Lump, string Licence, byte[] Bytes);
