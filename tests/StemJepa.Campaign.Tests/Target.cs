using System.Diagnostics;

namespace StemJepa.Campaign.Tests;

/// <summary>One parser under attack.</summary>
/// <param name="Name">What it reads.</param>
/// <param name="Share">Cases of it among 1,000.</param>
/// <param name="Seeds">Valid inputs; without one the parser is left out.</param>
/// <param name="Read">Reads damaged bytes; in the folder it may write.</param>
internal sealed record Target(string Name, double Share, byte[][] Seeds, Action<byte[], string> Read)
{
    /// <summary>What errors must name, in the place of a path.</summary>
    internal const string Input = "input";

    /// <summary>Bytes that reading may allocate besides the factor for each byte of the input.</summary>
    internal long MostBytes { get; init; } = 64 << 20;

    /// <summary>What is logged.</summary>
    private static readonly TimeSpan LongTime = TimeSpan.FromSeconds(1);

    internal int BytesPerByte { get; init; } = 256;

    /// <summary>Tests cases in turn.</summary>
    internal TargetCounts Run(int seed, long cases, string folder, Action<string> log, Action<CaseFailure> failed)
    {
        Directory.CreateDirectory(folder);
        long read = 0, refused = 0, faults = 0;
        TimeSpan longest = TimeSpan.Zero;
        using var watchdog = new Watchdog(Name, seed);
        for (long index = 0; index < cases; index++)
        {
            watchdog.Begin(index);
            byte[] input = new Mutator(RandomOf(seed, index)).Damage(Seeds);
            long allocated = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
            string? fault = null;
            try
            {
                Read(input, folder);
                read++;
            }
            catch (StemJepaException error)
            {
                refused++;
                fault = FaultOf(error.Message);
            }
            catch (Exception error)
            {
                fault = error.ToString();
            }
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            TimeSpan time = Stopwatch.GetElapsedTime(started);
            if (time > longest)
            {
                longest = time;
                if (time > LongTime)
                    log($"{Name}, seed {seed}, case {index}: {time.TotalMilliseconds:0} ms");
            }
            if (allocated > MostBytes + (long)BytesPerByte * input.Length)
                fault ??= $"{allocated} bytes were allocated for {input.Length}";
            if (fault is null)
                continue;
            faults++;
            failed(new CaseFailure(Name, seed, index, fault, input));
        }
        return new TargetCounts(Name, cases, read, refused, faults, Math.Round(longest.TotalMilliseconds, 1));
    }

    /// <summary>One sentence on one line, which ends in a full stop.</summary>
    private static string? FaultOf(string message) =>
        message.EndsWith('.') && !message.Any(char.IsControl) && message.Length < 2000 ? null : $"no sentence: {message}";

    private Random RandomOf(int seed, long index)
    {
        ulong hash = 14695981039346656037;
        foreach (char letter in FormattableString.Invariant($"{Name} {seed} {index}"))
            hash = (hash ^ letter) * 1099511628211;
        return new Random((int)(hash ^ (hash >> 32)));
    }
}

/// <summary>Counts of one parser.</summary>
/// <param name="Name">The parser.</param>
/// <param name="Cases">Damaged inputs.</param>
/// <param name="Read">Those that were read all the same.</param>
/// <param name="Refused">Those that were refused with a <see cref="StemJepaException"/>.</param>
/// <param name="Faults">Those that gave another exception, no sentence, or took too much memory.</param>
/// <param name="LongestMs">The longest time that one took.</param>
internal sealed record TargetCounts(string Name, long Cases, long Read, long Refused, long Faults, double LongestMs);

/// <summary>A case that must be mended.</summary>
internal sealed record CaseFailure(string Target, int Seed, long Case, string Fault, byte[] Input);

/// <summary>Ends the process, and says which case it is, when one does not end: nothing else can stop a loop.</summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Timer _timer;
    private long _case;
    private long _began = Stopwatch.GetTimestamp();

    internal Watchdog(string target, int seed)
    {
        _timer = new Timer(_ =>
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref _began)) > Patience)
                Environment.FailFast($"The campaign's case {Volatile.Read(ref _case)} of '{target}' with seed {seed} does not end.");
        }, null, Patience, TimeSpan.FromSeconds(10));
    }

    internal void Begin(long index)
    {
        Volatile.Write(ref _case, index);
        Volatile.Write(ref _began, Stopwatch.GetTimestamp());
    }

    public void Dispose() => _timer.Dispose();
}
