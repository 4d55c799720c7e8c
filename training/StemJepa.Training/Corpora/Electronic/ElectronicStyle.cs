namespace StemJepa.Training.Corpora;

/// <summary>
/// A style of electronic music: its tempi, and the patterns that its songs choose from. Patterns are bars of 16 steps: 'x' a stroke, 'o' an
/// accent, '.' none. Immutable.
/// </summary>
/// <param name="Name">Name of the style.</param>
/// <param name="Slowest">Slowest tempo, quarter notes per minute.</param>
/// <param name="Fastest">Fastest tempo.</param>
/// <param name="Kicks">Bars of the kick.</param>
/// <param name="Snares">Bars of the snare or clap.</param>
/// <param name="Hats">Bars of closed hats.</param>
/// <param name="OpenHats">Bars of open hats.</param>
/// <param name="Basses">Bars of the bass; 'h' holds the note for the chord, 'O' is an octave higher.</param>
internal sealed record ElectronicStyle(
    string Name, int Slowest, int Fastest, string[] Kicks, string[] Snares, string[] Hats, string[] OpenHats, string[] Basses)
{
    /// <summary>Steps of a bar.</summary>
    public const int Steps = 16;

    private const string FourToTheFloor = "o...o...o...o...", Backbeat = "....o.......o...", None = "................";
    private const string Offbeats = "..x...x...x...x.", Sixteenths = "xxxxxxxxxxxxxxxx", Eighths = "x.x.x.x.x.x.x.x.";
    private const string Gallop = ".xxx.xxx.xxx.xxx", Held = "h...............";

    private static readonly string[] Busy = [Sixteenths, Eighths, "x.xxx.xxx.xxx.xx", "..x...x...x..xx.", "x..xx..xx..xx..x"];

    /// <summary>All styles, with how often they are drawn.</summary>
    public static IReadOnlyList<(ElectronicStyle Style, double Weight)> All { get; } =
    [
        (new("house", 116, 130, [FourToTheFloor, "o...o...o...o..x"], [Backbeat, "....o.......o..x", "....o..x....o..."], Busy,
            [Offbeats, None], [Offbeats, "x..x..x.x..x..x.", "..x..xx...x..x.x", "x.x.O.x.x.x.O.x.", "x..x....x..x..O."]), 3),
        (new("progressive", 122, 134, [FourToTheFloor], [Backbeat, None, "....o.......o.x."], Busy, [Offbeats],
            [Offbeats, Gallop, Eighths, Held, "x..x..x.x..x..x."]), 3),
        (new("trance", 130, 145, [FourToTheFloor], [Backbeat, None], [Sixteenths, Eighths, None], [Offbeats],
            [Offbeats, Gallop, "..xx..xx..xx..xx", ".xxx.xxO.xxx.xOx"]), 3),
        (new("techno", 124, 142, [FourToTheFloor, "o...o...o..xo...", "o...o.x.o...o..."], [None, Backbeat, ".......x........"], Busy,
            [Offbeats, None, "......x.......x."], [Offbeats, "x.x..x.xx.x..x.x", Sixteenths, Gallop, "x..x..x..x..x.x."]), 2),
        (new("electro", 118, 136, ["o.....x...o.....", "o..x..o...x.....", "o...o.....x.o..."], [Backbeat, "....o..x....o..."], Busy,
            [None, "......x.......x."], [Sixteenths, "x..x..x..x.x.O.x", "x.xO.x.xx.xO.x.O", Eighths]), 2),
        (new("synthpop", 96, 132, [FourToTheFloor, "o.......o.......", "o.......o.x.....", "o..x....o.x....."], [Backbeat],
            [Eighths, Sixteenths], [None, Offbeats], [Eighths, "x.O.x.O.x.O.x.O.", "x..x..x.x..x..x.", Held, Sixteenths]), 3),
        (new("breaks", 120, 142, ["o.........o.....", "o.o.......o.....", "o......x..o....."],
            [Backbeat, "....o..x.x..o..x", "....o.......o.x."], [Eighths, Sixteenths, "x.xxx.xxx.xxx.xx"], [None, "..............x."],
            [Held, "x.....x...x.....", "x..x..x...x..x..", Eighths]), 1),
        (new("drum and bass", 165, 178, ["o.........o.....", "o..x......o.....", "o.o.......o....."], [Backbeat, "....o..x.x..o..x"],
            [Eighths, Sixteenths], [None], [Held, "x.........x.....", "x.....x.....x...", "x..x..x..x..x..."]), 1),
        (new("dubstep", 136, 146, ["o...............", "o.....x.........", "o..x......x....."], ["........o.......", "........o.....x."],
            [Eighths, "x..xx..xx..xx..x"], [None], [Held, "x..x..x..x..x...", "x.xx..x.x.x.x..x", "x...x.....x....."]), 1),
        (new("trap", 128, 152, ["o.....x...x.....", "o..x......x.x...", "o.........o..x.."], ["........o......."],
            [Sixteenths, Eighths, "x.x.xxxxx.x.x.xx"], [None, "......x........."], [Held, "x.....x...x.....", "x..x......x.x..."]), 1),
        (new("hip hop", 78, 98, ["o.....x.x.......", "o.x......xo.....", "o......x..o..x.."], [Backbeat], [Eighths, Sixteenths], [None],
            [Held, "x.....x.x.......", "x..x...x..x.....", "x.x......xx....."]), 1),
        (new("downtempo", 76, 108, ["o.........o.....", "o.......o.......", FourToTheFloor], [Backbeat, "........o......."],
            [Eighths, "..x...x...x...x.", Sixteenths], [None], [Held, "x.....x...x.....", Eighths]), 1),
    ];
}
