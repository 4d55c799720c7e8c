using CsCheck;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: the committed manifest, changed in one place.</summary>
public sealed class TestSetCheckTests
{
    private static readonly TestSetManifest Manifest = TestSetManifest.Committed(Rendered150.Name);

    private static (IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings) Compare(int index, Func<TestSong, TestSong> change) =>
        TestSetCheck.Compare(Manifest, Manifest with { Songs = [.. Manifest.Songs.Select((s, i) => i == index ? change(s) : s)] });

    [Fact]
    public void ASetIsItself()
    {
        (IReadOnlyList<string> errors, IReadOnlyList<string> warnings) = TestSetCheck.Compare(Manifest, Manifest);
        Assert.Empty(errors);
        Assert.Empty(warnings);
    }

    [Fact]
    public void WhateverChangesIsNamed() => Gen.Int[0, Manifest.Songs.Count - 1].Sample(index =>
    {
        string name = Manifest.Songs[index].Name;
        (IReadOnlyList<string> errors, IReadOnlyList<string> warnings) =
            Compare(index, s => s with { Audio = s.Audio.ToDictionary(a => a.Key, a => a.Key == "bass" ? new string('0', 64) : a.Value) });
        Assert.Empty(errors);
        Assert.StartsWith($"{name}: bass.wav ", Assert.Single(warnings));
        Assert.StartsWith($"{name}: its MIDI ", Assert.Single(Compare(index, s => s with { MidiSha256 = "" }).Errors));
        Assert.StartsWith($"{name}: is rendered as ", Assert.Single(Compare(index, s => s with { DrumKit = 99 }).Errors));
        Assert.Equal(2, Compare(index, s => s with { Name = "stranger" }).Errors.Count);
    }, iter: 20);

    [Fact]
    public void AnotherSoundfontIsAnError()
    {
        TestSetManifest other = Manifest with
        {
            Soundfonts = [.. Manifest.Soundfonts.Select(f => f.Name == SoundFont.MuseScore.Name ? f with { Sha256 = "" } : f)],
        };
        Assert.StartsWith(SoundFont.MuseScore.Path, Assert.Single(TestSetCheck.Compare(Manifest, other).Errors));
    }
}
