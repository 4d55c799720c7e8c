using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Training;

/// <summary>
/// Which time patches of a recording belong to those of a context whose window began at another time: patch t of context i is patch t -
/// shift i of recording i, where there is one. Until the dispose scope ends.
/// </summary>
internal sealed class TimeAlignment
{
    private readonly Tensor _rows;

    /// <param name="shifts">How many time patches after its context each recording's window begins; less than 0 is before it.</param>
    /// <param name="time">Time patches of a window; more than the greatest shift.</param>
    public TimeAlignment(int[] shifts, int time)
    {
        var rows = new long[shifts.Length * time];
        var shared = new float[rows.Length];
        for (int pair = 0; pair < shifts.Length; pair++)
        for (int at = 0; at < time; at++)
        {
            int partner = at - shifts[pair];
            rows[pair * time + at] = pair * time + Math.Clamp(partner, 0, time - 1);
            shared[pair * time + at] = partner >= 0 && partner < time ? 1 : 0;
        }
        _rows = tensor(rows);
        Shared = tensor(shared, [shifts.Length, time]);
    }

    /// <summary>1 where a patch of the context has a partner, else 0: [batch, time].</summary>
    public Tensor Shared { get; }

    /// <summary>
    /// The recordings' time patches [batch, time, ...] in the order of their contexts'; what has no partner is any of them.
    /// </summary>
    public Tensor Apply(Tensor timePatches) => timePatches.flatten(0, 1).index_select(0, _rows).view(timePatches.shape);
}
