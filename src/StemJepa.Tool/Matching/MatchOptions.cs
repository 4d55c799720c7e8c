using System.CommandLine;
using System.CommandLine.Parsing;

namespace StemJepa.Tool.Matching;

/// <summary>The options of commands that leave out recordings whose key or tempo does not match the mix's.</summary>
internal sealed class MatchOptions
{
    private const string Keep = "keep", Drop = "drop";

    private readonly Option<string?> _tempo = new("--tempo")
    {
        Description = "Only recordings whose tempo, half or double is this near to that of the mix, such as 5%.",
        HelpName = "PERCENT",
    };

    private readonly Option<double?> _mixTempo = new("--mix-tempo")
    {
        Description = "The tempo of the mix in beats per minute; without it, that of its sound, or of its tags or name where the sound "
            + "is unclear.",
        HelpName = "BPM",
    };

    private readonly Option<bool> _exactTempo = new("--exact-tempo") { Description = "Half and double tempo do not count as equal." };

    private readonly Option<string?> _key = new("--key")
    {
        Description = "Only recordings in a key that is compatible with that of the mix, in the same one, or in this one.",
        HelpName = "compatible|same|KEY",
    };

    private readonly Option<string?> _mixKey = new("--mix-key")
    {
        Description = "The key of the mix, such as 'A minor' or Am; without it, that of its sound, or of its tags or name where "
            + "the sound is unclear.",
        HelpName = "KEY",
    };

    private readonly Option<string?> _unknown = new("--unknown")
    {
        Description = "Whether --key and --tempo keep or drop recordings of unknown key or tempo, such as the key of drums; drop if it is "
            + "left out.",
        HelpName = "keep|drop",
    };

    public MatchOptions() => _unknown.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: not (Keep or Drop) } token])
            result.AddError($"--unknown '{token.Value}' is not known; use {Keep} or {Drop}");
    });

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _tempo, _mixTempo, _exactTempo, _key, _mixKey, _unknown })
            command.Add(option);
    }

    public MatchRequest Read(ParseResult parsed, string mix) => new(mix, parsed.GetValue(_tempo), parsed.GetValue(_mixTempo),
        parsed.GetValue(_exactTempo), parsed.GetValue(_key), parsed.GetValue(_mixKey), parsed.GetValue(_unknown) == Keep);
}

/// <summary>Lets <see cref="MatchOptions"/> stand in a command's list of options.</summary>
internal static class MatchOptionsExtensions
{
    public static void Add(this Command command, MatchOptions options) => options.AddTo(command);
}
