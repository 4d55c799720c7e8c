namespace StemJepa.Training.Corpora;

/// <summary>What plays a composed melody: a General MIDI program (0..127) and its lowest and highest pitch. Immutable.</summary>
public sealed record LeadInstrument(int Program, int Low, int High)
{
    /// <summary>The instruments of training songs.</summary>
    public static readonly IReadOnlyList<LeadInstrument> Training =
    [
        new(0, 57, 88), new(1, 57, 88), new(4, 55, 86), new(5, 55, 86), new(7, 57, 84), new(12, 55, 86), new(16, 55, 84), new(18, 55, 84), new(21, 57, 84), new(23, 57, 84),
        new(24, 52, 79), new(25, 52, 79), new(27, 52, 81), new(28, 52, 79), new(29, 52, 81), new(30, 52, 81), new(40, 57, 90), new(42, 45, 72), new(46, 55, 86), new(48, 57, 86), new(51, 57, 84),
        new(52, 55, 79), new(53, 55, 79), new(54, 55, 79), new(56, 57, 82), new(57, 45, 70), new(59, 57, 80), new(61, 52, 77), new(64, 57, 84), new(65, 52, 80), new(66, 46, 75), new(67, 40, 68),
        new(69, 54, 79), new(71, 52, 84), new(72, 72, 96), new(73, 62, 91), new(74, 65, 91), new(76, 60, 86), new(78, 62, 88), new(79, 60, 84),
        new(80, 57, 86), new(81, 57, 86), new(83, 57, 86), new(84, 55, 84), new(85, 55, 81), new(87, 52, 81), new(104, 52, 79), new(105, 55, 81), new(110, 57, 86),
    ];

    /// <summary>Instruments that no composed training song has: with the soundfonts of training, they play the melodies of test songs.</summary>
    public static readonly IReadOnlyList<LeadInstrument> TestOnly =
    [
        new(2, 57, 88), new(11, 55, 86), new(19, 55, 84), new(22, 60, 84), new(26, 52, 79), new(41, 50, 79), new(60, 48, 74), new(68, 60, 86), new(75, 62, 88), new(82, 57, 86), new(107, 55, 81), new(111, 60, 84),
    ];
}
