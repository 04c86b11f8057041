-- normalize() knows the letters of the Unicode version that the database was built with: PostgreSQL 15 those of 14. What
-- 15 to 17 give a plainer form to (outlined Latin letters and digits, small Cyrillic letters set high or low) is put into
-- it here, so that SQL folds every letter as foldedText in src/store/natural-key.ts does. No index is made by it.
create or replace function folded_text(name text) returns text immutable parallel safe language sql return
  case when name ~ '^[!-~]+( [!-~]+)*$' then lower(name collate "C")
  else replace(folded_letters(translate(name,
    '꟱𜳖𜳗𜳘𜳙𜳚𜳛𜳜𜳝𜳞𜳟𜳠𜳡𜳢𜳣𜳤𜳥𜳦𜳧𜳨𜳩𜳪𜳫𜳬𜳭𜳮𜳯𜳰𜳱𜳲𜳳𜳴𜳵𜳶𜳷𜳸𜳹𞀰𞀱𞀲𞀳𞀴𞀵𞀶𞀷𞀸𞀹𞀺𞀻𞀼𞀽𞀾𞀿𞁀𞁁'
    '𞁂𞁃𞁄𞁅𞁆𞁇𞁈𞁉𞁊𞁋𞁌𞁍𞁎𞁏𞁐𞁑𞁒𞁓𞁔𞁕𞁖𞁗𞁘𞁙𞁚𞁛𞁜𞁝𞁞𞁟𞁠𞁡𞁢𞁣𞁤𞁥𞁦𞁧𞁨𞁩𞁪𞁫𞁬𞁭',
    'SABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789абвгдежзиклмопрсту'
    'фхцчшыэюꚉәіјөүӏабвгдежзиклопсуфхцчшъыґіѕџҫꙑұ')), 'ς', 'σ') end;
