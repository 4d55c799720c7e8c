namespace StemJepa.Training.Corpora;

/// <summary>
/// What plays a part where it is not the plan's own soundfont: a preset of another soundfont. Drums in bank 128 stay on channel 10, a
/// drum kit in another
/// bank plays on channel 1. Immutable.
/// </summary>
/// <param name="Font">The soundfont.</param>
/// <param name="Bank">The preset's bank.</param>
/// <param name="Program">Its program, 0..127.</param>
/// <param name="Keys">For drum kits: the key that plays each General MIDI drum, -1 for drums that the kit lacks, which the plan's own
/// soundfont plays; null: all keys as written.</param>
public sealed record PartSound(SoundFont Font, int Bank, int Program, IReadOnlyList<int>? Keys = null);
