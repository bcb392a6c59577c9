"""How a case looks on a screen and on A4."""

STYLE = """\
@page { size: A4; margin: 16mm 14mm; }
* { box-sizing: border-box; }
body { font: 10pt/1.35 Arial, Helvetica, sans-serif; color: #000; background: #fff; margin: 0 auto; max-width: 182mm;
  padding: 4mm; overflow-wrap: anywhere; }
h1 { font-size: 16pt; margin: 2mm 0 3mm; }
h2 { font-size: 12.5pt; margin: 7mm 0 2mm; border-bottom: 0.4mm solid #000; }
h3 { font-size: 10.5pt; margin: 3mm 0 0.5mm; }
h2, h3 { break-after: avoid; }
p { margin: 0.8mm 0; }
.mark { border: 0.6mm solid #000; padding: 1.5mm 2.5mm; font-weight: bold; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; margin: 1mm 0 2mm; }
th, td { border: 0.2mm solid #777; padding: 0.8mm 1.4mm; text-align: left; vertical-align: top; }
th { background: #eee; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.pairs th { width: 44mm; }
.when { width: 34mm; } .who { width: 24mm; } .step { width: 52mm; } .n { width: 12mm; } .q { width: 62mm; }
ul { margin: 1mm 0; padding-left: 5mm; }
@media print { body { padding: 0; max-width: none; } }
"""
