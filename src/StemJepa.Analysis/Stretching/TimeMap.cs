namespace StemJepa;

/// <summary>
/// Which time of a recording each time of its stretched version shows: at the same speed around attacks, and faster or slower between
/// them, so that attacks are where they belong and sound as they did. Immutable and thread-safe.
/// </summary>
internal sealed class TimeMap
{
    /// <summary>The part of the gap to the next attack, at most, that is played at its own speed on either side.</summary>
    private const double MostOfGap = 0.3;

    private readonly List<(double Output, double Input, bool IsAttack)> _anchors = [];
    private int _segment;

    /// <summary>Creates the map.</summary>
    /// <param name="inputLength">Samples of the recording.</param>
    /// <param name="outputLength">Samples of its stretched version.</param>
    /// <param name="attacks">Samples of the recording, ascending.</param>
    /// <param name="reach">Samples about an attack that are played at their own speed, if there is room.</param>
    public TimeMap(int inputLength, int outputLength, IReadOnlyList<int> attacks, int reach)
    {
        double stretch = (double)outputLength / inputLength, shrink = Math.Min(1, stretch);
        _anchors.Add((0, 0, false));
        for (int i = 0; i < attacks.Count; i++)
        {
            double before = i == 0 ? attacks[i] / MostOfGap : attacks[i] - attacks[i - 1];
            double after = (i == attacks.Count - 1 ? inputLength : attacks[i + 1]) - attacks[i];
            double left = Math.Min(reach, MostOfGap * shrink * before), right = Math.Min(reach, MostOfGap * shrink * after);
            _anchors.Add((attacks[i] * stretch - left, attacks[i] - left, true));
            _anchors.Add((attacks[i] * stretch + right, attacks[i] + right, false));
        }
        _anchors.Add((outputLength, inputLength, false));
    }

    /// <summary>
    /// The sample of the recording at a sample of the output, and whether that belongs to an attack. Outputs are asked for in ascending
    /// order.
    /// </summary>
    public (double Input, bool IsAttack) At(double output)
    {
        while (_segment < _anchors.Count - 2 && _anchors[_segment + 1].Output <= output)
            _segment++;
        (double fromOutput, double fromInput, bool isAttack) = _anchors[_segment];
        (double toOutput, double toInput, _) = _anchors[_segment + 1];
        double slope = isAttack || toOutput <= fromOutput ? 1 : (toInput - fromInput) / (toOutput - fromOutput);
        return (fromInput + slope * (output - fromOutput), isAttack);
    }
}
