using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Options;

/// <summary>The options of every command that loads a model: which one, and where it runs.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string?> _folder = new("--model")
    {
        Description = "A model folder made by StemJepa.Export; without it the model that comes with the tool.",
        HelpName = "FOLDER",
    };

    private readonly Option<Device?> _device = new("--device")
    {
        Description = "Where the model runs: cpu (if it is left out), cuda (an error without a GPU), cuda:1 for the second GPU, "
            + "or auto, a GPU where there is one.",
        HelpName = "auto|cpu|cuda[:N]",
        CustomParser = ParseDevice,
    };

    private readonly Option<int?> _threads = new("--threads")
    {
        Description = $"Threads of the model, 1 to {StemAffinityOptions.MaximumThreads}; all cores if it is left out.",
        HelpName = "N",
    };

    public ModelOptions() => _threads.Validators.Add(result =>
    {
        if (int.TryParse(result.Tokens.Count > 0 ? result.Tokens[0].Value : null, CultureInfo.InvariantCulture, out int threads)
            && threads is < 1 or > StemAffinityOptions.MaximumThreads)
            result.AddError($"--threads {threads} is out of range; use 1 to {StemAffinityOptions.MaximumThreads}");
    });

    public void AddTo(Command command)
    {
        command.Add(_folder);
        command.Add(_device);
        command.Add(_threads);
    }

    public ModelChoice Read(ParseResult parsed, Terminal terminal)
    {
        Device device = parsed.GetValue(_device) ?? default;
        return new ModelChoice(parsed.GetValue(_folder), new StemAffinityOptions
        {
            Threads = parsed.GetValue(_threads) ?? 0,
            ExecutionProvider = device.Provider,
            DeviceId = device.Number,
            Log = terminal.WriteWarning,
        });
    }

    private static Device? ParseDevice(ArgumentResult result)
    {
        const string cuda = "cuda";
        string name = result.Tokens.Count > 0 ? result.Tokens[0].Value.ToLowerInvariant() : "";
        int number = 0;
        bool isNumbered = name.StartsWith(cuda + ":", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(cuda.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
        if (isNumbered || name == cuda)
            return new Device(ExecutionProvider.Cuda, number);
        if (name is "auto" or "cpu")
            return new Device(name == "auto" ? ExecutionProvider.Auto : ExecutionProvider.Cpu, 0);
        result.AddError($"--device '{name}' is not known; use auto, cpu, cuda, or cuda:N with the number of a GPU, from 0");
        return null;
    }

    private readonly record struct Device(ExecutionProvider Provider, int Number);
}

/// <summary>A model, as given on the command line.</summary>
/// <param name="Folder">Its folder; null for the model that comes with the tool.</param>
/// <param name="Options">How it runs.</param>
internal sealed record ModelChoice(string? Folder, StemAffinityOptions Options)
{
    /// <summary>Whether the model has heads for analysis.</summary>
    public bool HasHeads => Folder is null || File.Exists(Path.Combine(Folder, HeadsInfo.FileName));

    /// <summary>Loads it.</summary>
    /// <param name="stems">What it must know.</param>
    /// <exception cref="StemJepaException">
    /// The model folder has a missing, truncated or altered file, or the model does not know a stem.
    /// </exception>
    public IStemAffinity Open(params IEnumerable<Stem> stems)
    {
        if (Folder is not null && !Directory.Exists(Folder))
            throw new UsageException($"--model '{Folder}' is not a folder; give a folder that StemJepa.Export wrote.");
        StemAffinity model = Folder is null ? StemAffinity.Create(Options) : StemAffinity.Load(Folder, Options);
        try
        {
            foreach (Stem stem in stems)
                model.Model.LabelOf(stem);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Loads its heads.</summary>
    /// <exception cref="StemJepaException">The folder has no heads, or those of another model.</exception>
    public StemAnalyzer OpenAnalyzer(IStemAffinity model) => Folder is null
        ? StemAnalyzer.Create(model, Options.Threads)
        : StemAnalyzer.Load(model, Folder, Options.Threads);

    /// <summary>
    /// Analyses a recording that is read again afterwards; null if the model has no heads, or for a pipe, which can be read once only.
    /// </summary>
    /// <exception cref="StemJepaException">The recording cannot be used, or the heads are another model's.</exception>
    public StemAnalysis? Analyze(IStemAffinity model, string path, Terminal terminal, CancellationToken cancellationToken)
    {
        if (!HasHeads || RegularFile.TryGetLength(path) is null)
            return null;
        using StemAnalyzer analyzer = OpenAnalyzer(model);
        return terminal.Track("Analyzing", 1, progress => new FileEmbedder(model, cancellationToken, analyzer).Analyze(path, progress));
    }
}

/// <summary>Lets <see cref="ModelOptions"/> stand in a command's list of options.</summary>
internal static class ModelOptionsExtensions
{
    public static void Add(this Command command, ModelOptions options) => options.AddTo(command);
}
