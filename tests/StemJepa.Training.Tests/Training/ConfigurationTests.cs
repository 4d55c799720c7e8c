using StemJepa.TestSupport;
using StemJepa.Training.Training;

namespace StemJepa.Training.Tests.Training;

public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("long", 128, 4)]
    [InlineData("medium", 160, 6)]
    [InlineData("continue", 128, 4)]
    public void Configurations_of_the_repository_can_train(string name, int width, int depth)
    {
        TrainingSettings settings = RunFolder.ReadSettings(Path.Combine(Repository.Root, "training", "configs", name + ".json"));
        settings.Check();
        Assert.Equal((width, depth, TimePositions.Rotary), (settings.Sizes.Width, settings.Sizes.Depth, settings.Sizes.TimePositions));
    }

    [Fact]
    public void Values_that_cannot_train_are_refused_by_name()
    {
        TrainingSettings small = TrainingSettings.Preset("small");
        (TrainingSettings Settings, string Name)[] wrong =
        [
            (small with { ShiftWeight = -1 }, "shift_weight"),
            (small with { ShiftPatches = 26 }, "shift_patches"),
            (small with { PitchClassWeight = -1 }, "pitch_class_weight"),
            (small with { OnsetWeight = -1 }, "onset_weight"),
            (small with { OnsetWeight = 1, ShiftPatches = 1 }, "shift_patches"),
            (small with { PlacesPerSong = 0 }, "places_per_song"),
            (small with { SubmixShare = 1.5 }, "submix_share"),
            (small with { TempoShare = -0.1 }, "tempo_share"),
            (small with { BleedShare = double.NaN }, "bleed_share"),
            (small with { LabelSmoothing = 1 }, "label_smoothing"),
            (small with { JepaWindowChoices = [] }, "jepa_window_choices"),
            (small with { JepaWindowChoices = [4, 5] }, "jepa_window_choices"),
            (small with { Sizes = small.Sizes with { Width = 36, TimePositions = TimePositions.Rotary } }, "heads"),
        ];
        foreach ((TrainingSettings settings, string name) in wrong)
            Assert.Contains($"'{name}'", Assert.Throws<StemJepaException>(settings.Check).Message);
    }
}
