using System.Text.Json;
using System.Text.Json.Nodes;

namespace StemJepa.Training.Training;

/// <summary>One training run of an ablation: what it is called, its folder's name, and its settings.</summary>
internal sealed record AblationRun(string Name, string Folder, TrainingSettings Settings);

/// <summary>
/// Training runs that differ in few settings each, from a JSON file: <c>settings</c> apply to all of them, over the preset <c>small</c>,
/// and each of <c>runs</c> has its own on top.
/// </summary>
internal static class AblationPlan
{
    private sealed record Plan(JsonObject Settings, Dictionary<string, JsonObject> Runs);

    /// <summary>The runs in the file's order.</summary>
    /// <exception cref="StemJepaException">The file is not such a plan; names the run and the setting.</exception>
    public static IReadOnlyList<AblationRun> Read(string file)
    {
        Plan plan = Parse(file);
        AblationRun[] runs =
            [.. plan.Runs.Select(run => new AblationRun(run.Key, FolderOf(run.Key), Settings(file, run.Key, plan.Settings, run.Value)))];
        if (runs.Length == 0 || runs.DistinctBy(run => run.Folder).Count() < runs.Length || runs.Any(run => run.Folder.Length == 0))
            throw new StemJepaException($"{file}: the runs need names that differ in letters and digits, and there must be one at least.");
        return runs;
    }

    private static Plan Parse(string file)
    {
        try
        {
            Plan? plan = JsonSerializer.Deserialize<Plan>(File.ReadAllText(file), RunFolder.Json);
            return plan is { Settings: not null, Runs: not null } ? plan : throw new JsonException("'settings' or 'runs' is missing");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{file}: not a plan of ablations ({error.Message.TrimEnd('.')}); see training/ablations.json.",
                error);
        }
    }

    private static TrainingSettings Settings(string file, string run, params JsonObject[] overrides)
    {
        JsonObject merged = JsonSerializer.SerializeToNode(TrainingSettings.Preset("small"), RunFolder.Json)!.AsObject();
        foreach (JsonObject changes in overrides)
            Merge(merged, changes);
        try
        {
            TrainingSettings settings = merged.Deserialize<TrainingSettings>(RunFolder.Json)!;
            settings.Check();
            return settings;
        }
        catch (Exception error) when (error is JsonException or StemJepaException)
        {
            throw new StemJepaException($"{file}: the settings of '{run}' do not train: {error.Message}", error);
        }
    }

    private static void Merge(JsonObject into, JsonObject changes)
    {
        foreach (var (name, value) in changes)
        {
            if (value is JsonObject inner && into[name] is JsonObject present)
                Merge(present, inner);
            else
                into[name] = value?.DeepClone();
        }
    }

    private static string FolderOf(string name) =>
        string.Join('-', new string([.. name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
