using Microsoft.Extensions.Options;

namespace StemJepa.Extensions;

/// <summary>Checks options before anything is loaded: each failure is one sentence that names the option.</summary>
internal sealed class StemJepaOptionsValidator : IValidateOptions<StemJepaOptions>
{
    private const int MaximumThreads = 1024;

    public ValidateOptionsResult Validate(string? name, StemJepaOptions options)
    {
        string?[] failures =
        [
            CheckThreads(options.Threads), CheckProvider(options.ExecutionProvider), CheckFolder(options.ModelFolder),
            options.DeviceId >= 0 ? null : $"{nameof(StemJepaOptions.DeviceId)} is {options.DeviceId}: give the number of a GPU, from 0.",
        ];
        string[] found = [.. failures.OfType<string>()];
        return found.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }

    private static string? CheckThreads(int threads) => threads is >= 0 and <= MaximumThreads
        ? null
        : $"{nameof(StemJepaOptions.Threads)} is {threads}: give 0 for all cores, or a number up to {MaximumThreads}.";

    private static string? CheckProvider(ExecutionProvider provider) => Enum.IsDefined(provider)
        ? null
        : $"{nameof(StemJepaOptions.ExecutionProvider)} is {provider}: give one of "
            + $"{string.Join(", ", Enum.GetNames<ExecutionProvider>())}.";

    private static string? CheckFolder(string? folder)
    {
        if (folder is null)
            return null;
        if (string.IsNullOrWhiteSpace(folder))
            return $"{nameof(StemJepaOptions.ModelFolder)} is empty: name a model folder, or leave it out for the model that the "
                + "library carries.";
        try
        {
            ModelInfo.Load(folder);
            return null;
        }
        catch (StemJepaException error)
        {
            return $"{nameof(StemJepaOptions.ModelFolder)} cannot be used: {error.Message}";
        }
    }
}
