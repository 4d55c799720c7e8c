namespace StemJepa.Analysis.Tests;

public sealed class NameHintsTests
{
    [Theory]
    [InlineData("song/bass.wav", "bass")]
    [InlineData("Drums/loop 3.wav", "drums")]
    [InlineData("Drums/other.wav", "other")]
    [InlineData("x/LeadVocals_VOX.flac", "vocals")]
    [InlineData("x/bass drum.wav", null)]
    [InlineData("x/basset hound.wav", null)]
    [InlineData("loop.wav", null)]
    public void Stems_are_named_by_whole_words(string path, string? expected) =>
        Assert.Equal(expected, NameHints.FromPath(path).Stem?.Name);

    [Theory]
    [InlineData("loop 120bpm.wav", 120.0)]
    [InlineData("loop_98.5_BPM_x.wav", 98.5)]
    [InlineData("BPM-140 loop.wav", 140.0)]
    [InlineData("loop 120.wav", null)]
    [InlineData("loop 999bpm.wav", null)]
    [InlineData("loop 1120bpm.wav", null)]
    [InlineData("120bpmx.wav", null)]
    public void Tempos_stand_beside_bpm(string path, double? expected) => Assert.Equal(expected, NameHints.FromPath(path).Tempo);

    [Theory]
    [InlineData("pad Am.wav", "A minor")]
    [InlineData("pad_F#min_120bpm.wav", "F# minor")]
    [InlineData("pad Bb major.wav", "Bb major")]
    [InlineData("pad-C-Maj.wav", "C major")]
    [InlineData("pad A.wav", null)]
    [InlineData("I Am Major.wav", "A minor")]
    [InlineData("Amazing Empty Bmw.wav", null)]
    public void Keys_need_a_mode(string path, string? expected) => Assert.Equal(expected, NameHints.FromPath(path).Key?.ToString());

    /// <summary>As sample packs name their files; where words of several stems meet, the instrument decides and not the sound.</summary>
    [Theory]
    [InlineData("Pack/KSHMR_Kick_12.wav", "drums")]
    [InlineData("Pack/808 Kick Hard.wav", "drums")]
    [InlineData("Pack/808_Glide_C.wav", "bass")]
    [InlineData("Pack/Reese01.wav", "bass")]
    [InlineData("Pack/synth bass 02.wav", "bass")]
    [InlineData("Pack/ClosedHiHats-3.wav", "drums")]
    [InlineData("Pack/TopLoop_124bpm.wav", "drums")]
    [InlineData("Pack/perc shaker.wav", "drums")]
    [InlineData("Pack/Warm Pad Cm.wav", "other")]
    [InlineData("Pack/rhodes chords.wav", "other")]
    [InlineData("Pack/gtr_clean_90bpm.wav", "other")]
    [InlineData("Pack/FX Riser 8 bars.wav", "other")]
    [InlineData("Pack/String Ensemble.wav", "other")]
    [InlineData("Pack/Vox Adlibs 3.wav", "vocals")]
    [InlineData("Pack/choir aah.wav", "vocals")]
    [InlineData("Pack/vocal fx.wav", "vocals")]
    [InlineData("Pack/synth lead.wav", "vocals")]
    [InlineData("Pack/lead guitar.wav", "other")]
    [InlineData("Pack/kick and bass.wav", null)]
    [InlineData("Pack/monkeys.wav", null)]
    [InlineData("Drums/Loops/128bpm/07.wav", "drums")]
    [InlineData("Drums/Not loops/07.wav", null)]
    public void Words_of_sample_packs_name_stems(string path, string? expected) =>
        Assert.Equal(expected, NameHints.FromPath(path).Stem?.Name);

    [Fact]
    public void Words_are_in_the_singular_and_once() =>
        Assert.Equal(["kick", "hat", "loop"], NameHints.FromPath("a/Kicks_kick+HATS one-shot Loop 120bpm.wav").Words);

    /// <summary>Worked by hand: the analysis where it is sure, else the name, else the analysis unless it guesses.</summary>
    [Theory]
    [InlineData("bass", 0.99, "drums", "bass")]
    [InlineData("bass", 0.7, "drums", "drums")]
    [InlineData("bass", 0.7, null, "bass")]
    [InlineData("bass", 0.3, null, null)]
    [InlineData(null, 0.0, "drums", "drums")]
    [InlineData(null, 0.0, null, null)]
    public void A_name_wins_where_the_analysis_is_unsure(string? detected, double confidence, string? named, string? expected)
    {
        Assert.Equal(Parse(expected), new NameHints { Stem = Parse(named) }.ResolveStem(Parse(detected), confidence));

        static Stem? Parse(string? name) => name is null ? null : Stem.Parse(name);
    }

    [Theory]
    [InlineData(60.4, 0.99, 120.0, 120.0)]
    [InlineData(121.0, 0.2, 120.0, 120.0)]
    [InlineData(240.0, 0.99, 120.0, 120.0)]
    [InlineData(100.0, 0.99, 120.0, 100.0)]
    [InlineData(100.0, 0.6, 120.0, 120.0)]
    [InlineData(100.0, 0.6, null, 100.0)]
    public void A_named_tempo_is_exact_where_both_agree(double detected, double confidence, double? named, double expected) =>
        Assert.Equal(expected, new NameHints { Tempo = named }.ResolveTempo(detected, confidence));

    [Fact]
    public void Drums_have_no_key_unless_it_is_named()
    {
        var found = new MusicalKey(9, isMinor: true);
        Assert.Null(new NameHints().ResolveKey(found, 1, Stem.Drums));
        Assert.Equal(found, new NameHints().ResolveKey(found, 1, Stem.Bass));
        Assert.Equal(found, new NameHints { Key = found }.ResolveKey(new MusicalKey(0, false), 1, Stem.Drums));
    }

    [Fact]
    public void Tags_win_over_the_name_where_they_say_something()
    {
        var name = NameHints.FromPath("Bass/bass 120bpm Am.wav");
        NameHints tagged = name.With(new AudioTags { Tempo = 97.5 });
        Assert.Equal((97.5, MusicalKey.Parse("Am"), Stem.Bass), (tagged.Tempo, tagged.Key, tagged.Stem));
        Assert.Equal(MusicalKey.Parse("D"), name.With(new AudioTags { Key = MusicalKey.Parse("D") }).Key);
        Assert.Equal(name, name.With(new AudioTags()));
    }

    [Theory]
    [InlineData("bass.wav", true, "bass loop")]
    [InlineData("bass.wav", false, "bass oneshot")]
    [InlineData("bass.wav", null, "bass")]
    [InlineData("bass loop.wav", true, "bass loop")]
    [InlineData("bass loop.wav", false, "bass loop")]
    public void Loops_and_one_shots_are_words_unless_the_name_has_one(string name, bool? isLoop, string words) =>
        Assert.Equal(words, string.Join(' ', NameHints.FromPath(name).With(new AudioTags { IsLoop = isLoop }).Words));
}
