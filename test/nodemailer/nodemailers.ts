// Every major version of nodemailer that is in use, by one interface.

import nodemailer10 from 'nodemailer'
import nodemailer6 from 'nodemailer6'
import nodemailer7 from 'nodemailer7'
import nodemailer8 from 'nodemailer8'
import nodemailer9 from 'nodemailer9'

export type Nodemailer = typeof nodemailer10

export const nodemailers: readonly (readonly [version: string, nodemailer: Nodemailer])[] = [
  ['6', nodemailer6],
  ['7', nodemailer7],
  ['8', nodemailer8 as unknown as Nodemailer],
  ['9', nodemailer9],
  ['10', nodemailer10],
]
