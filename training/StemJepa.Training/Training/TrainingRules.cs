using System.Reflection;
using System.Text.Json;
using StemJepa.Training.Corpora;
using StemJepa.Training.Networks;

namespace StemJepa.Training.Training;

/// <summary>Which <see cref="TrainingSettings"/> can train.</summary>
internal static class TrainingRules
{
    /// <summary>Rejects values that cannot train.</summary>
    /// <exception cref="StemJepaException">Names the value and its range.</exception>
    public static void Check(this TrainingSettings settings)
    {
        static void Require(bool holds, string name, object value, string range)
        {
            if (!holds)
                throw new StemJepaException($"The training setting '{name}' is {value}, but must be {range}.");
        }
        NetworkSizes sizes = settings.Sizes;
        RequireWindow("contrastive_window_seconds", settings.ContrastiveWindowSeconds);
        RequireWindow("jepa_window_seconds", settings.JepaWindowSeconds);
        Require(settings.JepaWindowChoices is null or { Length: > 0 }, "jepa_window_choices", "empty", "a list of seconds, or absent");
        foreach (double seconds in settings.JepaWindowChoices ?? [])
            RequireWindow("jepa_window_choices", seconds);
        static void RequireWindow(string name, double seconds)
        {
            int frames = (int)Math.Round(seconds * 100);
            Require(frames is >= 16 and <= 800 && frames % 16 == 0, name, seconds, "a multiple of 0.16 up to 8");
        }
        Require(sizes.Width > 0 && sizes.Width % 4 == 0 && sizes.Heads > 0 && sizes.Width % sizes.Heads == 0, "width", sizes.Width,
            "a multiple of 4 and of the heads");
        Require(sizes.TimePositions == TimePositions.Absolute || sizes.Width / sizes.Heads % 2 == 0, "heads", sizes.Heads,
            "such that each has an even number of channels, for rotary time positions");
        Require(sizes.Depth > 0, "depth", sizes.Depth, "at least 1");
        Require(settings.ContrastiveSteps >= 0 && settings.JepaSteps >= 0 && settings.TotalSteps > 0, "steps", settings.TotalSteps,
            "at least 1 in all");
        Require(settings.JepaLongSteps >= 0 && settings.JepaLongSteps <= settings.JepaSteps, "jepa_long_steps",
            settings.JepaLongSteps, "from 0 to jepa_steps");
        Require(settings.ContrastiveBatch > 1 && settings.JepaBatch > 1 && settings.JepaLongBatch > 1, "batch",
            Math.Min(Math.Min(settings.ContrastiveBatch, settings.JepaBatch), settings.JepaLongBatch), "at least 2");
        foreach (PropertyInfo share in typeof(TrainingSettings).GetProperties().Where(property => property.Name.EndsWith("Share")))
            Require(share.GetValue(settings) is >= 0.0 and <= 1.0, JsonNamingPolicy.SnakeCaseLower.ConvertName(share.Name),
                share.GetValue(settings)!, "from 0 to 1");
        Require(settings.ShiftWeight >= 0, "shift_weight", settings.ShiftWeight, "at least 0");
        Require(settings.ShiftPatches is >= 0 and <= 25, "shift_patches", settings.ShiftPatches, "from 0 to 25");
        Require(settings.PitchClassWeight >= 0, "pitch_class_weight", settings.PitchClassWeight, "at least 0");
        Require(settings.OnsetWeight >= 0, "onset_weight", settings.OnsetWeight, "at least 0");
        Require(settings.PitchClassWeight + settings.OnsetWeight == 0 || settings.ShiftPatches == 0, "shift_patches",
            settings.ShiftPatches, "0 with pitch_class_weight or onset_weight");
        Require(settings.PlacesPerSong is null or >= 1, "places_per_song", settings.PlacesPerSong ?? 1, "at least 1");
        string[] families = settings.Families ?? [];
        string? stranger = families.Except(InstrumentFamilies.All).FirstOrDefault();
        Require(stranger is null && families.Distinct().Count() == families.Length, "families", stranger ?? "a list with a name twice",
            $"some of {string.Join(", ", InstrumentFamilies.All)}");
        Require(settings.FamilyShare == 0 || families.Length > 0, "family_share", settings.FamilyShare, "0 without families");
        Require(settings.OffsetSeconds is >= 0 and <= 0.1, "offset_seconds", settings.OffsetSeconds, "from 0 to 0.1");
        Require(settings.LabelSmoothing is >= 0 and < 1, "label_smoothing", settings.LabelSmoothing, "at least 0 and less than 1");
        Require(settings.SongShare is > 0 and <= 1, "song_share", settings.SongShare, "greater than 0, up to 1");
        Require(settings.Temperature > 0, "temperature", settings.Temperature, "greater than 0");
        Require(settings.TauStart is >= 0 and <= 1 && settings.TauEnd is >= 0 and <= 1, "tau", settings.TauStart, "from 0 to 1");
        Require(settings.VarispeedSemitones is >= 0 and <= 11, "varispeed_semitones", settings.VarispeedSemitones, "from 0 to 11");
        Require(settings.WarmupSteps > 0, "warmup_steps", settings.WarmupSteps, "at least 1");
    }
}
