using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.ComponentModel;
using System.Text.RegularExpressions;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Commands;
using StemJepa.Tool.Output;

namespace StemJepa.Tool;

/// <summary>The whole tool as one call: arguments in, exit code out, one sentence on standard error when something is wrong.</summary>
internal static partial class Application
{
    /// <summary>Parses and runs one command line. Never throws.</summary>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var terminal = new Terminal(output, error);
        try
        {
            ParseResult command = CreateRootCommand(terminal).Parse(arguments,
                new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (command.Action is ParseErrorAction)
                throw new UsageException(DescribeParseError(command));
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = output,
                Error = error,
            };
            return await command.InvokeAsync(configuration, cancellationToken);
        }
        catch (Exception exception)
        {
            (int code, string sentence) = Failure.Describe(exception);
            terminal.WriteError(sentence);
            return code;
        }
    }

    private static RootCommand CreateRootCommand(Terminal terminal) => new("""
        Which of these recordings fits my mix?

        Exit codes: 0 done, 1 data that cannot be used or files that were skipped, 2 wrong use, 130 interrupted.
        """)
    {
        DemoCommand.Create(terminal),
        AffinityCommand.Create(terminal),
        RankCommand.Create(terminal),
        EmbedCommand.Create(terminal),
        IndexCommand.Create(terminal),
        SearchCommand.Create(terminal),
        StatsCommand.Create(terminal),
        AlignCommand.Create(terminal),
        PreviewCommand.Create(terminal),
        CompleteCommand.Create(terminal),
        AnalyzeCommand.Create(terminal),
        MapCommand.Create(terminal),
        BenchCommand.Create(terminal),
        ServeCommand.Create(terminal),
        McpCommand.Create(terminal),
    };

    /// <summary>How the parser ends its sentence about text that is no number.</summary>
    [GeneratedRegex(@" as expected type '.*(Int32|Double).*'")]
    private static partial Regex ExpectedType { get; }

    private static string DescribeParseError(ParseResult command)
    {
        Command named = command.CommandResult.Command;
        string help = named is RootCommand ? "stemjepa --help" : $"stemjepa {named.Name} --help";
        ParseError shown = command.Errors.FirstOrDefault(error =>
            command.UnmatchedTokens.Any(word => error.Message.Contains($"'{word}'"))) ?? command.Errors[0];
        string message = ExpectedType.Replace(shown.Message.TrimEnd('.'),
            type => type.Value.Contains(nameof(Int32)) ? "; give a whole number" : "; give a number");
        return $"{message}; '{help}' shows how the command is used.";
    }
}
