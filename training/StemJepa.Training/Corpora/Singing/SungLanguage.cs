namespace StemJepa.Training.Corpora;

/// <summary>A syllable in the phones of a language: consonants, one vowel that is held, consonants.</summary>
internal sealed record SungSyllable(IReadOnlyList<string> Onset, string Vowel, IReadOnlyList<string> Coda);

/// <summary>What is sung in a language: plain words, syllables without a meaning, and vowels alone, in the phones of festival's voices.
/// Immutable.</summary>
internal sealed class SungLanguage
{
    private const double StopSeconds = 0.075, FricativeSeconds = 0.1, OtherSeconds = 0.07, VowelSeconds = 0.09, StopOfVoiceSeconds = 0.03;
    private static readonly HashSet<string> Stops = ["p", "t", "k", "b", "d", "g"];
    private static readonly HashSet<string> Sibilants = ["s", "sh", "S", "z", "zh", "Z", "ch", "jh", "tS", "dZ", "ts", "dz"];
    private static readonly HashSet<string> Fricatives = [.. Sibilants, "f", "v", "th", "dh", "hh", "h"];
    private readonly HashSet<string> _vowels;
    private readonly Dictionary<string, IReadOnlyList<string>> _held;

    private SungLanguage(string name, string silence, string vowels, string held, string words, string scat, string open)
    {
        (Name, Silence) = (name, silence);
        _vowels = [.. vowels.Split(' ')];
        _held = held.Split(',').Select(h => h.Split(' ')).ToDictionary(h => h[0], h => (IReadOnlyList<string>)h[1..]);
        Words = [.. words.Split(',').Select(word => (IReadOnlyList<SungSyllable>)[.. word.Split('|').Select(Parse)])];
        Scat = [.. scat.Split(',').Select(Parse)];
        Open = [.. open.Split(',').Select(Parse)];
    }

    /// <summary>American English, in the phones of the voices kal and ked.</summary>
    public static SungLanguage English { get; } = new(
        "English", "pau", "aa ah ao aw ax ay er ey iy ow oy uw", "ay aa aa ay,aw aa aa aw,oy ao ao oy",
        "l ah v,l ay t,n ay t,d ey,r ey n,s ah n,m uw n,s k ay,hh aa r t,hh ow l d,m iy,y uw,n aw,t ay m,hh ow m,r ow d,w ey,s iy,b l uw,"
            + "d r iy m,s ow l,ay z,hh aa n d,"
        + "f r iy,t r uw,s t ey,g ow,k ah m,n ow,l ay f,b r ey k,f ao l,r ay z,w er l d,s t r iy t,g er l,b oy,s ao ng,d aa n s,b er n,"
        + "s t aa r,t iy r z,k r ay,w aa n t,n iy d,"
        + "f iy l,g ao n,l ao ng,s l ow,w ay l d,dh ax,ao l,ay,sh iy,hh iy,w iy,dh ey,ch ey n jh,r aw n d,m aw th,b ey|b iy,m ey|b iy,"
        + "t ax|n ay t,ax|l ow n,ow|v er,w ao|t er",
        "l aa,n aa,d uw,y ey,hh ey,w ow,d aa,m aa,b aa,uw,ow", "aa,ow,uw,iy,ao,ah");

    /// <summary>Italian, in the phones of the voices lp and pc.</summary>
    public static SungLanguage Italian { get; } = new(
        "Italian", "#", "i e a o u a1 e1", "a a1 a a,e e1 e e",
        "a|m o|r e,k a n|t o,s o|l e,m a|r e,l u|n a,n o t|t e,v i|t a,k w o|r e,t u,i|o,n o n,k e,m i|o,s e m|p r e,v e n|t o,"
            + "s t e l|l a,d o|v e,b e l|l a,v i|a,dZ o r|n o,tS e|l o,"
        + "f j o|r e,b a|tS o,r o|z a,f w o|k o,p i u,p e r,k o n|t e,v o|tS e,s o|n o,s e|r a,m a|n o,p a|tS e,s t r a|d a,t e m|p o,"
        + "a n|k o|r a,d o|m a|n i,l u|tS e",
        "l a,n a,d u,m a,d a,t u,l o,v a,o,a", "a,o,u,i,e");

    /// <summary>Finnish, in the phones of the voices lj and mv.</summary>
    public static SungLanguage Finnish { get; } = new(
        "Finnish", "#", "a e i o u y @ 7 a: e: i: o: u: y: @:", "a a: a a,e e: e: e:,o o: o o",
        "m i|n @,s i|n @,k u,y,t a i|v a s,l a u|l a,t u|l i,t @ h|t i,m a,s u|d a n,k o|t i,v e|s i,t i e,u|n i,k a u|n i s,h y|v @,"
            + "s y|d @ n,l u|m i,p u,j o|k i,v a i n,o: n,e i,n y t,"
        + "k u n,s e,h @ n,m e,t e,i|l o,s u|r u,r a u|h a,e|l @|m @,l i n|t u,k e|s @,t a l|v i,s i e|l u,r a|k a s,k a n s|s a,m e|r i,"
        + "y l|l @",
        "l a,n a,d u,h e i,j e,t a,m a,l u,o:,a", "a,o:,u,i,e,@,y");

    /// <summary>The language's English name.</summary>
    public string Name { get; }

    /// <summary>The phone of silence.</summary>
    public string Silence { get; }

    /// <summary>Words, each of one or more syllables.</summary>
    public IReadOnlyList<IReadOnlyList<SungSyllable>> Words { get; }

    /// <summary>Syllables such as "la" and "do".</summary>
    public IReadOnlyList<SungSyllable> Scat { get; }

    /// <summary>Vowels alone.</summary>
    public IReadOnlyList<SungSyllable> Open { get; }

    /// <summary>
    /// A long vowel in three phones: beginning, held part, end. A phone that is stretched alone is stretched with its transitions; not
    /// every voice has every vowel after itself, and a diphthong is held on its first vowel.
    /// </summary>
    public IReadOnlyList<string> Held(string vowel) => _held.GetValueOrDefault(vowel) ?? [vowel, vowel, vowel];

    /// <summary>The phones between two vowels that are held: consonants, each once, or a stop of the voice, since not every voice has
    /// every pair of vowels.</summary>
    public IReadOnlyList<string> Between(SungSyllable first, SungSyllable next)
    {
        if (first.Coda.Count == 0 && next.Onset.Count == 0) return [Silence];
        bool meets = first.Coda.Count > 0 && next.Onset.Count > 0 && first.Coda[^1] == next.Onset[0];
        return [.. first.Coda, .. next.Onset.Skip(meets ? 1 : 0)];
    }

    /// <summary>How long a phone lasts that is not held, in seconds.</summary>
    public double SecondsOf(string phone) =>
        phone == Silence ? StopOfVoiceSeconds : _vowels.Contains(phone) ? VowelSeconds : Stops.Contains(phone) ? StopSeconds
            : Fricatives.Contains(phone) ? FricativeSeconds : OtherSeconds;

    /// <summary>Whether a phone hisses.</summary>
    public static bool IsSibilant(string phone) => Sibilants.Contains(phone);

    private SungSyllable Parse(string text)
    {
        string[] phones = text.Split(' ');
        int vowel = Array.FindIndex(phones, _vowels.Contains);
        return new SungSyllable(phones[..vowel], phones[vowel], phones[(vowel + 1)..]);
    }
}
