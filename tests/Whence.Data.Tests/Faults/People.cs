using System.Globalization;

namespace Whence.Data.Tests.Faults;

/// <summary>Rows of <see cref="PersonNet"/>, drawn; every hundredth has no age.</summary>
internal static class People
{
    private static readonly string[] colours = ["red", "blue", "green"];

    /// <summary>Writes CSV, row by row.</summary>
    public static void Write(TextWriter to, int rows)
    {
        var random = new Random(12);
        to.Write("name,age,income,colour\n");
        for (var i = 0; i < rows; i++)
        {
            var age = random.Next(90);
            to.Write(string.Create(CultureInfo.InvariantCulture,
                $"p{i},{(i % 100 == 7 ? "" : age)},{random.NextSingle()},{colours[random.Next(3)]}\n"));
        }
    }
}
